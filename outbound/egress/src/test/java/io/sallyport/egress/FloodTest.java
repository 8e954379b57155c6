package io.sallyport.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.session.Outlet;
import io.sallyport.egress.testing.Origin;
import io.sallyport.egress.testing.TestRelay;
import io.sallyport.egress.testing.World;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How fast a sandbox may do what it may do.
final class FloodTest {
    @TempDir
    Path home;

    private World world;

    @BeforeEach
    void start() throws IOException {
        start(Outlet.Limits.DEFAULT);
    }

    private void start(Outlet.Limits limits) throws IOException {
        world = World.start(home, limits);
        world.resolver().answer("host.test", "127.0.0.1");
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void asksFewNamesThatOnlyTheirAddressesCouldAllow() throws IOException {
        world.policy(World.limited(Rule.of("8.8.8.0/24"), Rule.of("host.test")));
        var session = world.relay().v2();
        int limited = 0;
        for (int i = 0; i < 2 * Outlet.GUESSES_MAX; i++) {
            var answer = TestRelay.ask(session.open(), world.relay().head("secret" + i + ".test:443", "tcp"));
            limited += answer.reason().equals("limit") ? 1 : 0;
        }
        assertTrue(limited > Outlet.GUESSES_MAX / 2, "only " + limited + " were not asked for");
        assertEquals(2 * Outlet.GUESSES_MAX - limited, world.resolver().asked());
        assertEquals(
                "connect_failed",
                TestRelay.ask(session.open(), world.relay().head("host.test:1", "tcp"))
                        .reason(),
                "a name that a rule is about");
    }

    @Test
    void slowsDownAFloodOfRequests() throws IOException {
        world.close();
        start(new Outlet.Limits(2, 10, 100, 100, 5, 1 << 20));
        world.allow("host.test");
        try (var origin = Origin.with(socket -> {
            while (socket.getInputStream().read(new byte[1024]) > 0) {
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        })) {
            var tunnel = world.relay().open("host.test:" + origin.port(), "http");
            var statuses = new ArrayList<Integer>();
            var http = new HttpClient(tunnel.connection(), HttpLimits.DEFAULT);
            var headers = Headers.of("Host", "host.test:" + origin.port());
            for (int i = 0; i < 50; i++) {
                http.send(RequestHead.of("GET", "/" + i, headers), Framing.NONE).close();
                var head = http.readHead();
                statuses.add(head.status());
                var body = http.body(Framing.of(head, "GET"));
                while (!body.ended()) {
                    body.read(new byte[1024], 0, 1024);
                }
            }
            assertEquals(200, statuses.getFirst());
            assertTrue(statuses.contains(429), statuses::toString);
        }
    }
}
