package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.SandboxId;
import io.sallyport.testbed.Installation.Sandbox;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in, what opens, and what strangers can tell.
final class AccessTest {
    private static final Testbed BED = Testbed.get();
    private static final int PORT = 3000;
    private static final String PRIVATE =
            "{\"templateID\":\"base\",\"timeout\":600,\"network\":{\"allowPublicTraffic\":false}}";

    private static Sandbox sandbox;
    private static String trafficToken;

    @BeforeAll
    static void startPrivateSandbox() {
        var created = BED.api("POST", "/v2/sandboxes", PRIVATE);
        sandbox = new Sandbox(new SandboxId(created.json("sandboxID")), created.json("envdAccessToken"));
        trafficToken = created.json("trafficAccessToken");
        Apps.echo(sandbox, PORT, "127.0.0.1");
        Testbed.eventually(
                Duration.ofSeconds(10),
                "the app answers",
                () -> get("X-API-Key: " + BED.key()).status() == 200);
    }

    private static Http.Answer get(String... headers) {
        return request("GET", sandbox.host(PORT), "/", headers);
    }

    private static Http.Answer request(String method, String host, String target, String... headers) {
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return BED.http()
                .send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + lines
                        + "Connection: close\r\n\r\n");
    }

    @Test
    void keyAndTokenOpenAndNeitherReachesTheApp() {
        for (var header : new String[] {"X-API-Key: " + BED.key(), "e2b-traffic-access-token: " + trafficToken}) {
            var answer = get(header);
            assertEquals(200, answer.status(), answer.toString());
            assertFalse(answer.body().contains(BED.key()) || answer.body().contains(trafficToken), answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-API-Key: spk_0123456789abcdef0123456789abcdef01234567",
                "X-API-Key: nonsense",
                "E2b-Traffic-Access-Token: nonsense",
                "E2b-Traffic-Access-Token:",
                "Cookie: __Host-sallyport-access=nonsense",
            })
    void whatDoesNotOpenIs401WhetherTheSandboxExistsOrNot(String header) {
        var here = get(header);
        var nowhere = request("GET", unknownHost(), "/", header);
        assertEquals(401, here.status());
        assertEquals(anonymous(here), anonymous(nowhere));
    }

    @Test
    void withoutCredentialsAPrivateSandboxIsAsOneThatNeverWas() {
        for (var accept : new String[] {"Accept: */*", "Sec-Fetch-Mode: navigate", "Origin: http://x.test"}) {
            var here = get(accept);
            var nowhere = request("GET", unknownHost(), "/", accept);
            assertEquals(404, here.status());
            assertEquals(anonymous(here), anonymous(nowhere));
        }
        assertEquals("unknown_sandbox", get().json("reason"));
    }

    @Test
    void theTwoTakeTheSameTime() {
        long here = medianMicros(sandbox.host(PORT));
        long nowhere = medianMicros(unknownHost());
        assertTrue(Math.abs(here - nowhere) < 5_000, here + " µs and " + nowhere + " µs");
    }

    private static long medianMicros(String host) {
        var times = new long[15];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            assertEquals(404, request("GET", host, "/").status());
            times[i] = (System.nanoTime() - start) / 1000;
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static String unknownHost() {
        return PORT + "-" + SandboxId.random() + ".localhost";
    }

    /// The answer without what differs from request to request.
    private static String anonymous(Http.Answer answer) {
        return answer.status()
                + answer.head()
                + answer.body()
                        .replaceAll("cl-[0-9a-z]{25}", "ID")
                        .replaceAll("\"requestId\":\"[0-9a-f]+\"", "")
                        .replaceAll("request <code>[0-9a-f]+", "");
    }

    @Test
    void aScriptCanReadTheRefusalAndItsPreflightIsAnswered() {
        var refused = get("Origin: http://app.test", "Sec-Fetch-Mode: cors", "X-API-Key: nonsense");
        assertEquals(401, refused.status());
        assertEquals("http://app.test", refused.header("Access-Control-Allow-Origin"));
        assertEquals("no_access", refused.json("reason"));
        var preflight = request(
                "OPTIONS",
                sandbox.host(PORT),
                "/",
                "Origin: http://app.test",
                "Access-Control-Request-Method: PUT",
                "Access-Control-Request-Headers: x-api-key");
        assertEquals(204, preflight.status());
        assertEquals("PUT", preflight.header("Access-Control-Allow-Methods"));
        assertEquals("x-api-key", preflight.header("Access-Control-Allow-Headers"));
        assertEquals("", preflight.header("Access-Control-Allow-Credentials"), "not for other pages");
    }

    @Test
    void aSignedLinkBecomesACookieAndIsRevokedByItself() {
        var made = BED.api("POST", "/sallyport/sandboxes/" + sandbox.id() + "/links", "{\"port\":3000,\"seconds\":60}");
        assertEquals(201, made.status(), made.toString());
        var url = made.json("url");
        var query = url.substring(url.indexOf('?'));
        var opened = request("GET", sandbox.host(PORT), "/a%2Fb" + query + "&x=1", "Sec-Fetch-Mode: navigate");
        assertEquals(303, opened.status());
        assertEquals("/a%2Fb?x=1", opened.header("Location"));
        var cookie = opened.header("Set-Cookie");
        assertTrue(cookie.startsWith("__Host-sallyport-access="), cookie);
        assertTrue(cookie.contains("Secure; HttpOnly; SameSite=Lax"), cookie);
        var pair = cookie.substring(0, cookie.indexOf(';'));

        var seen = get("Cookie: app=1; " + pair);
        assertEquals(200, seen.status());
        assertTrue(seen.body().contains("\"Cookie\",\"app=1\""), seen.body());
        assertEquals(
                401, request("GET", sandbox.host(4000), "/", "Cookie: " + pair).status());
        var sibling = "Origin: http://3000-" + SandboxId.random() + ".localhost";
        assertEquals(404, get("Cookie: " + pair, sibling).status(), "the page of another sandbox has no use of it");
        assertEquals(
                200,
                get("Cookie: " + pair, "Origin: http://" + sandbox.host(5000)).status());
        var framed = request(
                "GET",
                sandbox.host(PORT),
                "/" + query,
                "Sec-Fetch-Mode: navigate",
                "Sec-Fetch-Dest: iframe",
                "Sec-Fetch-Site: cross-site");
        assertTrue(framed.header("Set-Cookie").contains("SameSite=None; Partitioned"), framed.head());
        assertEquals("/", request("GET", sandbox.host(PORT), "/" + query).json("url"), "a program needs no cookie");

        assertEquals(
                204,
                BED.api("DELETE", "/sallyport/sandboxes/" + sandbox.id() + "/links/" + made.json("id"), "")
                        .status());
        Testbed.eventually(
                Duration.ofSeconds(1),
                "the link is revoked",
                () -> get("Cookie: " + pair).status() == 401);
    }

    @Test
    void aPortCanBeOpenedAndClosedAgain() {
        var path = "/sallyport/sandboxes/" + sandbox.id() + "/ports/3000";
        assertEquals(204, BED.api("PUT", path, "{\"visibility\":\"public\"}").status());
        Testbed.eventually(Duration.ofSeconds(1), "the port is open", () -> get().status() == 200);
        assertEquals(204, BED.api("DELETE", path, "").status());
        Testbed.eventually(Duration.ofSeconds(1), "the port is closed", () -> get().status() == 404);
    }

    @Test
    void reservedPortsAndTheDaemonsAreNeverPublic() {
        var open = BED.create();
        Apps.echo(open, Testbed.RESERVED_PORT, "127.0.0.1");
        assertEquals(404, BED.get(open, Testbed.RESERVED_PORT, "/").status());
        assertEquals(
                200,
                request("GET", open.host(Testbed.RESERVED_PORT), "/", "X-API-Key: " + BED.key())
                        .status());
        var daemon =
                BED.api("PUT", "/sallyport/sandboxes/" + open.id() + "/ports/49983", "{\"visibility\":\"public\"}");
        assertEquals(400, daemon.status());
        assertEquals(
                401, request("GET", open.host(49983), "/files?path=/etc/passwd").status());
        BED.kill(open);
    }

    @Test
    void aKeyOfAnotherTeamOpensNothingAndARevokedOneNothingMore() {
        var team = "team-" + System.nanoTime();
        assertEquals(
                201,
                BED.api("POST", "/sallyport/teams", "{\"name\":\"" + team + "\"}")
                        .status());
        var other = BED.api("POST", "/sallyport/keys", "{\"team\":\"" + team + "\",\"name\":\"ci\"}");
        assertEquals(401, get("X-API-Key: " + other.json("key")).status());
        var own = BED.api("POST", "/sallyport/keys", "{\"name\":\"short-lived\"}");
        assertEquals(200, get("X-API-Key: " + own.json("key")).status());
        assertEquals(
                204, BED.api("DELETE", "/sallyport/keys/" + own.json("id"), "").status());
        Testbed.eventually(
                Duration.ofSeconds(1),
                "the key is revoked",
                () -> get("X-API-Key: " + own.json("key")).status() == 401);
    }

    @Test
    void inE2bsDialectARefusalIsAsE2bSaysIt() {
        var host = PORT + "-" + sandbox.id() + "." + Testbed.E2B_DOMAIN;
        var missing = request("GET", host, "/");
        assertEquals(403, missing.status());
        assertTrue(missing.json("message").contains("'e2b-traffic-access-token' is missing"), missing.body());
        assertEquals(
                "The sandbox was not found",
                request("GET", PORT + "-" + SandboxId.random() + "." + Testbed.E2B_DOMAIN, "/")
                        .json("message"));
        var closed = request("GET", "9999-" + sandbox.id() + "." + Testbed.E2B_DOMAIN, "/", "X-API-Key: " + BED.key());
        assertEquals(502, closed.status());
        assertEquals("The sandbox is running but port is not open", closed.json("message"));
        assertEquals("9999", closed.json("port"));
    }
}
