package io.sallyport.rpc.egress.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

final class CompiledPolicyTest {
    private static final List<IpBlock> OFFICE =
            List.of(IpBlock.parse("10.0.0.0/8").orElseThrow());

    @ParameterizedTest
    @CsvFileSource(resources = "decisions.csv", delimiter = '|')
    void decides(String kind, @Nullable String allow, @Nullable String deny, String question, String answer)
            throws Exception {
        var source = Policies.policy(kind, allow == null ? "" : allow, deny == null ? "" : deny);
        var policy = CompiledPolicy.compile(source);
        assertEquals(answer, text(ask(policy, question)));
        assertSame(source, policy.source());
    }

    /// What is private is reached by a rule about it where the operator agrees, and by nothing else.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "open deny | a.com | address https a.com:443 10.0.0.1 | + allow[0] a.com",
                "open deny | *.b.com | address https a.b.com:443 10.0.0.1 | + allow[0] *.b.com",
                "limited deny | 10.1.0.0/16 | address https a.com:443 10.1.0.1 | + allow[0] 10.1.0.0/16",
                "limited deny | 10.1.0.0/16 | connect tcp 10.1.0.1:5432 | + allow[0] 10.1.0.0/16",
                "limited deny | 10.1.0.0/16 443 | connect tcp 10.1.0.1:5432 | address_blocked address private",
                "limited deny | 10.1.0.0/16 | connect tcp 10.2.0.1:5432 | address_blocked address private",
                "open deny | '' | address https a.com:443 10.0.0.1 | address_blocked address private",
                "limited deny | * | address https a.com:443 10.0.0.1 | address_blocked address private",
                "limited deny | 0.0.0.0/0 | connect https 10.0.0.1:443 | address_blocked address private",
                "limited deny | a.com | address https a.com:443 192.168.0.1 | address_blocked address private",
                "limited deny | a.com | address https a.com:443 2002:a00:1:: | address_blocked address six_to_four",
                "limited deny | a.com | address https a.com:443 64:ff9b::10.0.0.1 | address_blocked address private"
            })
    void reachesWhatIsPrivateWhereBothAgree(String kind, String allow, String question, String answer)
            throws Exception {
        assertEquals(answer, text(ask(CompiledPolicy.compile(Policies.policy(kind, allow, ""), OFFICE), question)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limited deny | a.com GET | '' | a.com:443 | true",
                "limited deny | a.com /x | '' | a.com:443 | true",
                "limited deny | a.com GET | '' | b.com:443 | false",
                "limited deny | a.com GET 443 | '' | a.com:8443 | false",
                "limited deny | a.com GET http | '' | a.com:443 | false",
                "limited deny | a.com 443 https | '' | a.com:443 | false",
                "open deny | '' | *.a.com DELETE | b.a.com:443 | true",
                "open deny | '' | * DELETE | 8.8.8.8:443 | true",
                "open deny | '' | * DELETE | b.com:443 | true",
                "none deny | a.com GET | '' | a.com:443 | false"
            })
    void looksIntoWhatARuleAboutRequestsNames(String kind, String allow, String deny, String asked, boolean expected)
            throws Exception {
        var policy = CompiledPolicy.compile(Policies.policy(kind, allow, deny));
        assertEquals(expected, policy.needsInterception(destination(asked)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limited deny | a.com GET; b.com; c.com /x | '' | a.com c.com",
                "limited deny | *.a.com GET; b.com GET 8443 | d.com DELETE | a.com b.com d.com",
                "limited deny | a.com GET http; b.com GET https | '' | b.com",
                "open deny | a.com GET | * DELETE | any",
                "open deny | 0.0.0.0/0 GET | '' | any",
                "open deny | * | 8.8.8.8 | ''",
                "none deny | a.com GET; * GET | '' | ''"
            })
    void namesAllThatItCouldLookInto(String kind, String allow, String deny, String expected) throws Exception {
        var names = CompiledPolicy.compile(Policies.policy(kind, allow, deny)).inspected();
        var text = names.map(
                        found -> found.stream().map(HostName::text).sorted().collect(Collectors.joining(" ")))
                .orElse("any");
        assertEquals(expected, text);
    }

    @Test
    void couldLookIntoWhereHeadersAreSetAndNotWhereThatIsExcepted() throws Exception {
        var transforms = List.of(
                new Transform("a.com", Map.of("x", "1")),
                new Transform("*.b.com", Map.of("x", "1")),
                new Transform("c.com", Map.of("x", "1")));
        var policy = CompiledPolicy.compile(Policies.with(List.of(), transforms, List.of("b.com", "c.com")));
        assertEquals(Optional.of(Set.of(name("a.com"), name("b.com"))), policy.inspected());
    }

    @Test
    void setsTheHeadersOfTheNameBeforeThoseOfTheLongestWildcard() throws Exception {
        var short1 = new Transform("*.a.com", Map.of("x", "1"));
        var exact = new Transform("c.b.a.com", Map.of("x", "2"));
        var long1 = new Transform("*.b.a.com", Map.of("x", "3"));
        var policy = CompiledPolicy.compile(Policies.with(List.of(), List.of(short1, exact, long1), List.of()));
        assertEquals(Optional.of(exact), policy.transform(name("c.b.a.com")));
        assertEquals(Optional.of(long1), policy.transform(name("d.b.a.com")));
        assertEquals(Optional.of(long1), policy.transform(name("e.c.b.a.com")));
        assertEquals(Optional.of(short1), policy.transform(name("b.a.com")));
        assertEquals(Optional.empty(), policy.transform(name("a.com")));
        assertTrue(policy.needsInterception(destination("b.a.com:443")));
        assertFalse(policy.needsInterception(destination("a.com:443")));
        assertFalse(policy.needsInterception(destination("8.8.8.8:443")));
    }

    @Test
    void saysWhatIsNeverLookedInto() throws Exception {
        var policy = CompiledPolicy.compile(Policies.with(List.of(), List.of(), List.of("a.com", "*.b.com")));
        assertTrue(policy.bypassed(name("a.com")));
        assertFalse(policy.bypassed(name("x.a.com")));
        assertTrue(policy.bypassed(name("y.x.b.com")));
        assertFalse(policy.bypassed(name("b.com")));
    }

    @Test
    void theContractsOwnPoliciesCompile() throws Exception {
        assertTrue(CompiledPolicy.compile(EgressPolicy.OPEN)
                .connect(destination("a.com:443"), "https")
                .isAllowed());
        assertFalse(CompiledPolicy.compile(EgressPolicy.NONE)
                .connect(destination("a.com:443"), "https")
                .isAllowed());
    }

    private static Verdict ask(CompiledPolicy policy, String question) {
        var words = question.split(" ", -1);
        return switch (words[0]) {
            case "connect" -> policy.connect(destination(words[2]), words[1]);
            case "name" -> policy.name(name(words[1]));
            case "address" ->
                policy.address(
                        destination(words[2]),
                        words[1],
                        IpAddress.parse(words[3]).orElseThrow());
            case "request" -> policy.request(destination(words[2]), words[1], words[3], words[4]);
            default -> throw new IllegalArgumentException(question);
        };
    }

    private static String text(Verdict verdict) {
        var word = switch (verdict) {
            case Verdict.Allowed _ -> "+";
            case Verdict.Refused refused -> refused.reason().id();
        };
        return (word + " " + verdict.rule()).strip();
    }

    private static Destination destination(String text) {
        return Destination.parseAuthority(text).orElseThrow();
    }

    private static HostName name(String text) {
        return HostName.parse(text).orElseThrow();
    }
}
