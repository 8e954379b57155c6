package io.sallyport.gateway.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.gateway.page.Dialect;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.RequestHead;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostRouterTest {
    private static final String ID = "cl-0e41p9wk5yvv2g2unrb4geqkf";
    private static final Destination.Sandbox SANDBOX = sandbox(ID, 3000, "");

    private final HostRouter router =
            new HostRouter(Map.of("localhost", Dialect.STANDARD, "box.example.com", Dialect.E2B));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3000-" + ID + ".localhost",
                "3000-" + ID + ".localhost:8000",
                "3000-" + ID + ".localhost.",
                "3000-" + ID + ".localhost.:8000",
                "3000-CL-0E41P9WK5YVV2G2UNRB4GEQKF.LocalHost:1",
            })
    void routesSandboxHosts(String host) {
        var to = (Destination.Sandbox) route("Host", host);
        assertEquals(SANDBOX.id(), to.id());
        assertEquals(SANDBOX.port(), to.port());
        assertEquals(host.substring(host.indexOf('.') + 1).toLowerCase(Locale.ROOT), to.site());
        assertEquals(Dialect.STANDARD, to.dialect());
    }

    @Test
    void aDomainHasItsOwnDialectAndName() {
        var to = (Destination.Sandbox) route("Host", "3000-" + ID + ".Box.example.com:8443");
        assertEquals(Dialect.E2B, to.dialect());
        assertEquals("8080-" + ID + ".box.example.com:8443", to.authority(8080));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8000",
                "127.0.0.1:8000",
                "[::1]:8000",
                "example.com",
                "api.localhost",
                "3000-" + ID + ".other.com",
                "a.3000-" + ID + ".localhost",
                "3000-" + ID + ".evil.localhost",
                "3000-" + ID,
                "",
                ".localhost",
            })
    void everythingElseIsForTheApi(String host) {
        assertEquals(new Destination.Control(), route("Host", host));
    }

    @ParameterizedTest
    @CsvSource({
        "0-%s.localhost, BAD_PORT",
        "080-%s.localhost, BAD_PORT",
        "70000-%s.localhost, BAD_PORT",
        "99999999999999999999-%s.localhost, BAD_PORT",
        "x-%s.localhost, BAD_PORT",
        "-%s.localhost, BAD_PORT",
        "3000-%s0.localhost, BAD_ID",
        "3000-x.localhost, BAD_ID",
        "3000-.localhost, BAD_ID",
        "3000-cl-zzzzzzzzzzzzzzzzzzzzzzzzz.localhost, BAD_ID",
        "3000-%s-more.localhost, BAD_ID",
    })
    void namesWhatIsWrongWithASandboxHost(String host, Outcome outcome) {
        assertEquals(new Destination.Nowhere(outcome), route("Host", host.formatted(ID)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8000", "127.0.0.1", "[::1]:8000"})
    void routingHeadersCountOnLocalHosts(String host) {
        assertEquals(SANDBOX, route("Host", host, "E2b-Sandbox-Id", ID, "E2B-SANDBOX-PORT", "3000"));
    }

    @Test
    void routingHeadersDoNotCountElsewhere() {
        var other = "8080-" + ID.replace('0', '1') + ".localhost";
        assertEquals(
                sandbox(ID.replace('0', '1'), 8080, "localhost"),
                route("Host", other, "E2b-Sandbox-Id", ID, "E2b-Sandbox-Port", "3000"));
        assertEquals(
                new Destination.Control(),
                route("Host", "box.example.com", "E2b-Sandbox-Id", ID, "E2b-Sandbox-Port", "3000"));
    }

    @Test
    void routingHeadersBelongTogether() {
        var missing = new Destination.Nowhere(Outcome.MISSING_ROUTING_HEADER);
        assertEquals(missing, route("Host", "localhost", "E2b-Sandbox-Id", ID));
        assertEquals(missing, route("Host", "localhost", "E2b-Sandbox-Port", "1"));
        assertEquals(
                new Destination.Nowhere(Outcome.BAD_PORT),
                route("Host", "localhost", "E2b-Sandbox-Id", ID, "E2b-Sandbox-Port", "01"));
        assertEquals(
                new Destination.Nowhere(Outcome.BAD_ID),
                route("Host", "localhost", "E2b-Sandbox-Id", "debug", "E2b-Sandbox-Port", "1"));
    }

    private static Destination.Sandbox sandbox(String id, int port, String site) {
        return new Destination.Sandbox(new SandboxId(id), new Port(port), site, Dialect.STANDARD);
    }

    private Destination route(String... headers) {
        return router.route(RequestHead.of("GET", "/", Headers.of(headers)));
    }
}
