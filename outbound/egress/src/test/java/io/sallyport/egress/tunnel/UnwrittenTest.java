package io.sallyport.egress.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.dial.OwnAddresses;
import io.sallyport.egress.dial.Sockets;
import io.sallyport.egress.dial.Upstream;
import io.sallyport.egress.intercept.InterceptionAuthority;
import io.sallyport.egress.intercept.UpstreamTls;
import io.sallyport.egress.session.Outlet;
import io.sallyport.egress.session.Sessions;
import io.sallyport.egress.testing.FakeResolver;
import io.sallyport.egress.testing.FakeSessions;
import io.sallyport.egress.testing.Origin;
import io.sallyport.egress.testing.TestRelay;
import io.sallyport.egress.testing.World;
import io.sallyport.kit.Closer;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.wire.address.IpBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the log cannot be written nothing gets out.
final class UnwrittenTest {
    private static final String TOKEN = "token";

    @TempDir
    Path home;

    @Test
    void refusesWhatCannotBeWrittenDown() throws IOException {
        var loopback = List.of(IpBlock.parse("127.0.0.1/32").orElseThrow());
        var sandbox = SandboxId.random();
        var source = new FakeSessions();
        source.put(sandbox, TOKEN, World.limited(Rule.of("host.test")));
        try (var closer = new Closer();
                var origin = Origin.manual()) {
            var audit = closer.register(AuditLog.open(home.resolve("audit"), AuditLog.Kept.DEFAULT));
            var sessions = closer.register(new Sessions(source, loopback, Outlet.Limits.DEFAULT));
            var upstream = new Upstream(
                    new FakeResolver().answer("host.test", "127.0.0.1"), Sockets.SYSTEM, new OwnAddresses(), loopback);
            var tunnels = closer.register(new Tunnels(
                    sessions,
                    upstream,
                    new UpstreamTls(List.of()),
                    InterceptionAuthority.open(home.resolve("ca")),
                    audit,
                    Duration.ofMinutes(1)));
            var relay = closer.register(new TestRelay(tunnels::take, sandbox, TOKEN));
            assertEquals(200, relay.open("host.test:" + origin.port(), "tcp").status());
            audit.close();
            var answer = relay.open("host.test:" + origin.port(), "tcp");
            assertEquals(503, answer.status());
            assertEquals("audit_unavailable", answer.reason());
            assertEquals(
                    "audit_unavailable",
                    relay.open(EgressApi.CANARY_ALLOWED + ":443", "").reason());
            var name = relay.get(EgressApi.NAME + "?name=host.test", "Authorization", relay.bearer());
            assertEquals("audit_unavailable", name.header("Sallyport-Egress-Reason"));
        }
    }
}
