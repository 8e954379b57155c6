package io.sallyport.egress.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.egress.inject.Credentials;
import io.sallyport.egress.intercept.Terms;
import io.sallyport.egress.session.OpenTunnel.Way;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressSession;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JudgementTest {
    private static final String TOKEN_HASH = "hash-of-the-token";
    private static final Proxy PROXY = new Proxy("8.8.8.8:1080", "", "");
    private static final Optional<EgressReason> STAYS = Optional.empty();
    private static final Optional<EgressReason> GOES = Optional.of(EgressReason.POLICY_TIGHTENED);

    private static EgressPolicy policy(@Nullable Proxy proxy, List<Rule> deny, String... allowed) {
        var allow = Arrays.stream(allowed).map(Rule::of).toList();
        return new EgressPolicy(Mode.LIMITED, null, allow, deny, null, null, null, proxy, false, false);
    }

    private static Optional<EgressReason> judge(EgressPolicy policy, Way way) throws Exception {
        var sandbox = SandboxId.random();
        var session = new EgressSession(sandbox, 1, TOKEN_HASH, 1, policy, List.of());
        var known = new Known(session, new Terms(compiled(policy), Credentials.of(List.of())));
        var tunnel = new OpenTunnel(Destination.parseAuthority("a.test:443").orElseThrow(), TOKEN_HASH, way.scheme());
        tunnel.goes(way);
        return Judgement.of(known, tunnel);
    }

    private static CompiledPolicy compiled(EgressPolicy policy) throws PolicyException {
        return CompiledPolicy.compile(policy);
    }

    private static Way through(@Nullable Proxy proxy, @Nullable String address) {
        return new Way(
                "tcp", true, address == null ? null : IpAddress.parse(address).orElseThrow(), proxy, false);
    }

    @Test
    void cutsATunnelThroughAProxyThatIsNoLongerTheProxy() throws Exception {
        var way = through(PROXY, null);
        assertEquals(STAYS, judge(policy(PROXY, List.of(), "a.test"), way));
        assertEquals(GOES, judge(policy(null, List.of(), "a.test"), way));
        assertEquals(GOES, judge(policy(new Proxy("8.8.4.4:1080", "", ""), List.of(), "a.test"), way));
        assertEquals(GOES, judge(policy(PROXY, List.of(), "a.test"), through(null, "1.1.1.1")));
    }

    @Test
    void cutsATunnelWhoseAddressNobodyKnowsWhenOnlyAddressesCanAllowIt() throws Exception {
        assertEquals(GOES, judge(policy(PROXY, List.of(), "1.1.1.0/24"), through(PROXY, null)));
        assertEquals(STAYS, judge(policy(PROXY, List.of(), "1.1.1.0/24"), through(PROXY, "1.1.1.1")));
        assertEquals(GOES, judge(policy(PROXY, List.of(Rule.of("9.9.9.0/24")), "a.test"), through(PROXY, null)));
    }

    @Test
    void leavesATunnelAloneThatIsNotConnectedYet() throws Exception {
        var way = new Way("tcp", false, null, null, false);
        assertEquals(STAYS, judge(policy(PROXY, List.of(), "1.1.1.0/24"), way));
        assertEquals(GOES, judge(policy(PROXY, List.of(), "b.test"), way));
    }
}
