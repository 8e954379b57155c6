package io.sallyport.egress.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.inject.CredentialException;
import io.sallyport.egress.inject.Credentials;
import io.sallyport.egress.intercept.PermittedHosts;
import io.sallyport.egress.intercept.Terms;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.rpc.egress.EgressSession;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class InterceptionTest {
    private static final long SEED = 3_479;
    private static final int POLICIES = 3_000;
    private static final SandboxId SANDBOX = SandboxId.random();
    private static final List<String> TARGETS =
            List.of("a.com", "*.a.com", "b.a.com", "*.b.a.com", "c.org", "8.8.8.8", "8.8.0.0/16", "*");
    private static final List<String> NAMES = List.of("a.com", "*.a.com", "b.a.com", "*.b.a.com", "c.org");
    private static final List<String> BOUND = List.of("a.com", "x.c.org", "8.8.8.8", "2606:4700::1", "::ffff:9.9.9.9");
    private static final List<String> ASKED = List.of(
            "a.com:443",
            "b.a.com:443",
            "x.b.a.com:8443",
            "c.org:443",
            "x.c.org:80",
            "d.net:443",
            "8.8.8.8:443",
            "9.9.9.9:443",
            "[2606:4700::1]:443");

    @Test
    void isPermittedForHostsOfRulesAboutRequestsOfHeadersAndOfSecrets() {
        var policy = policy(
                Mode.LIMITED,
                List.of(
                        Rule.of("plain.test"),
                        new Rule("methods.test", null, null, List.of("GET"), null),
                        new Rule("*.paths.test", List.of(8443), null, null, List.of("/a/*")),
                        new Rule("http.test", null, List.of("http"), List.of("GET"), null)),
                List.of(new Rule("denied.test", null, null, List.of("DELETE"), null)),
                List.of(new Transform("headers.test", Map.of("x", "y"))),
                List.of());
        assertEquals(
                hosts(List.of("methods.test", "paths.test", "denied.test", "headers.test", "secret.test"), "192.0.2.7"),
                permitted(policy, secret("secret.test"), secret("192.0.2.7")));
    }

    @Test
    void isNotPermittedWhereAHostIsExcepted() {
        var policy = policy(
                Mode.OPEN,
                List.of(
                        new Rule("b.test", null, null, List.of("GET"), null),
                        new Rule("*.c.test", null, null, List.of("GET"), null)),
                List.of(),
                List.of(new Transform("a.test", Map.of("x", "y"))),
                List.of("a.test", "c.test", "secret.test"));
        assertEquals(hosts(List.of("b.test", "c.test")), permitted(policy, secret("secret.test")));
    }

    @Test
    void isPermittedForAnyHostWhereARuleAboutRequestsIsForAny() {
        for (var any : List.of("*", "0.0.0.0/0")) {
            var rule = new Rule(any, null, null, List.of("DELETE"), null);
            assertEquals(
                    PermittedHosts.ANY, permitted(policy(Mode.OPEN, List.of(), List.of(rule), List.of(), List.of())));
        }
        assertEquals(
                hosts(List.of()), permitted(policy(Mode.OPEN, List.of(Rule.of("*")), List.of(), List.of(), List.of())));
    }

    @Test
    void isPermittedForTheGatewaysOwnHostOnlyWhereNothingIsLookedInto() {
        assertEquals(hosts(List.of()), permitted(EgressPolicy.OPEN));
        var rule = new Rule("a.test", null, null, List.of("GET"), null);
        assertEquals(hosts(List.of()), permitted(policy(Mode.NONE, List.of(rule), List.of(), List.of(), List.of())));
    }

    /// And nothing is permitted that no part of the policy names.
    @Test
    void isPermittedWhereverItIsWanted() throws Exception {
        var random = new Random(SEED);
        int wanted = 0;
        for (int i = 0; i < POLICIES; ) {
            var policy = policy(
                    random.nextInt(8) == 0 ? Mode.NONE : Mode.OPEN,
                    rules(random),
                    rules(random),
                    transforms(random),
                    some(random, NAMES, 2));
            if (!isPolicy(policy)) {
                continue; // it excepts a host about whose requests it has a rule
            }
            i++;
            var secrets = some(random, BOUND, 2).stream()
                    .map(InterceptionTest::secret)
                    .toArray(BoundSecret[]::new);
            var terms = terms(policy, secrets);
            var known = new Known(new EgressSession(SANDBOX, 1, "", 1, policy, List.of(secrets)), terms);
            for (var text : ASKED) {
                var asked = Destination.parseAuthority(text).orElseThrow();
                if (Interception.isWanted(known, asked)) {
                    wanted++;
                    assertTrue(known.permitted().permits(asked.host()), () -> asked + " " + policy);
                }
            }
            if (known.permitted() != PermittedHosts.ANY) {
                assertFalse(known.permitted().permits(new HostName("d.net")), policy::toString);
            }
        }
        assertTrue(wanted > POLICIES, "wanted " + wanted);
    }

    private static List<Rule> rules(Random random) {
        var rules = new ArrayList<Rule>();
        for (var target : some(random, random.nextInt(4) == 0 ? TARGETS : NAMES, 3)) {
            boolean block = Character.isDigit(target.charAt(0));
            boolean methods = !block && random.nextInt(3) > 0;
            rules.add(new Rule(
                    target,
                    some(random, List.of(443, 80), 2),
                    some(random, List.of("https", "http"), 2),
                    methods ? List.of("GET") : List.of(),
                    List.of()));
        }
        return rules;
    }

    private static List<Transform> transforms(Random random) {
        return some(random, NAMES, 1).stream()
                .map(host -> new Transform(host, Map.of("x", "y")))
                .toList();
    }

    private static <T> List<T> some(Random random, List<T> of, int max) {
        var some = new ArrayList<T>();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            some.add(of.get(random.nextInt(of.size())));
        }
        return some.stream().distinct().toList();
    }

    private static BoundSecret secret(String host) {
        return new BoundSecret("key", "value-of-the-key", "PLACEHOLDER-OF-IT", host, "https", 443);
    }

    private static EgressPolicy policy(
            Mode mode, List<Rule> allow, List<Rule> deny, List<Transform> transforms, List<String> bypass) {
        return new EgressPolicy(mode, null, allow, deny, null, transforms, bypass, null, false, false);
    }

    private static boolean isPolicy(EgressPolicy policy) {
        try {
            CompiledPolicy.compile(policy);
            return true;
        } catch (PolicyException e) {
            return false;
        }
    }

    private static Terms terms(EgressPolicy policy, BoundSecret... secrets) {
        try {
            return new Terms(CompiledPolicy.compile(policy), Credentials.of(List.of(secrets)));
        } catch (PolicyException | CredentialException e) {
            throw new AssertionError(e);
        }
    }

    private static PermittedHosts permitted(EgressPolicy policy, BoundSecret... secrets) {
        return Interception.permitted(terms(policy, secrets));
    }

    /// With the gateway's own.
    private static PermittedHosts hosts(List<String> names, String... addresses) {
        var all = new ArrayList<>(names.stream().map(HostName::new).toList());
        all.add(new HostName(EgressApi.CANARY_ALLOWED));
        var those = new ArrayList<IpAddress>();
        for (var address : addresses) {
            those.add(IpAddress.parse(address).orElseThrow());
        }
        return PermittedHosts.of(all, those);
    }
}
