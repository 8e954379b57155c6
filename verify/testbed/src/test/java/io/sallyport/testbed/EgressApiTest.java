package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testbed.Installation.Sandbox;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the API takes and shows of the way out, of policies and secrets.
final class EgressApiTest {
    private static final Testbed BED = Testbed.get();
    private static final String ALL = "0.0.0.0/0";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"network\":{\"denyOut\":[\"example.com\"]} | invalid denied CIDR example.com",
                "\"network\":{\"allowOut\":[\"a b\"]} | invalid allowed address a b",
                "\"network\":{\"allowOut\":[\"example.com\"]} | When specifying allowed domains in allow out, you must",
                "\"network\":{\"allowOut\":[null]} | network: null in a list",
                "\"network\":{\"allowOut\":\"example.com\"} | network.allowOut: of the wrong type",
                "\"egress\":{} | egress.mode: absent",
                "\"egress\":[] | egress: no object",
                "\"egress\":{\"mode\":\"wide\"} | egress.mode: wide (expected: none, limited, open)",
                "\"egress\":{\"mode\":\"open\",\"alow\":[]} | egress.alow: not known",
                "\"egress\":{\"mode\":\"open\",\"allow\":[{\"host\":\"a.example\"}]} | egress.allow[0].host: not known",
                "\"egress\":{\"mode\":\"limited\",\"allow\":[\"*.com\"]} | allow[0]: \"*.com\"",
                "\"egress\":{\"mode\":\"open\"},\"allow_internet_access\":false | egress: given together with",
                "\"egress\":{\"mode\":\"open\"},\"network\":{\"denyOut\":[]} | egress: given together with",
            })
    void createNamesWhatIsWrong(String member, String message) {
        var answer = BED.api("POST", "/v2/sandboxes", "{\"templateID\":\"base\"," + member + "}");
        assertEquals(400, answer.status(), answer.toString());
        assertTrue(answer.json("message").replace("\\\"", "\"").startsWith(message), answer.json("message"));
    }

    @Test
    void theNetworkIsShownAsItWasSaidButForThePassword() {
        var sandbox = BED.create("{\"templateID\":\"base\",\"timeout\":60,\"allow_internet_access\":true,\"network\":{"
                + "\"allowOut\":[\"*.example.com\"],\"denyOut\":[\"" + ALL + "\"],\"egressProxy\":{"
                + "\"address\":\"proxy.example:1080\",\"username\":\"me\",\"password\":\"hush-hush\"}}}");
        var shown = BED.api("GET", "/sandboxes/" + sandbox.id(), "").body();
        assertTrue(shown.contains("\"allowOut\":[\"*.example.com\"],\"denyOut\":[\"" + ALL + "\"]"), shown);
        assertTrue(shown.contains("\"egressProxy\":{\"address\":\"proxy.example:1080\",\"username\":\"me\"}"), shown);
        assertTrue(shown.contains("\"allowInternetAccess\":true"), shown);
        assertFalse(shown.contains("hush"), shown);
        assertFalse(egress(sandbox).contains("hush"), "nor here");

        assertEquals(204, network(sandbox, "{\"denyOut\":[\"192.0.2.0/24\"]}").status());
        var replaced = BED.api("GET", "/sandboxes/" + sandbox.id(), "").body();
        assertTrue(
                replaced.contains("\"network\":{\"allowPublicTraffic\":true,\"denyOut\":[\"192.0.2.0/24\"]}"),
                replaced);
        assertTrue(replaced.contains("\"allowInternetAccess\":null"), replaced);

        assertEquals(400, network(sandbox, "{\"denyOut\":[\"x\"]}").status());
        assertEquals(
                204,
                BED.api("POST", "/sandboxes/" + sandbox.id() + "/pause", "").status());
        assertEquals(409, network(sandbox, "{}").status());
        BED.kill(sandbox);
        assertEquals(404, network(sandbox, "{}").status());
    }

    @Test
    void ofTwoWhoChangeAPolicyOneIsTold() {
        var sandbox = BED.create(withEgress("{\"mode\":\"limited\",\"allow\":[\"a.example\"]}"));
        assertTrue(egress(sandbox).contains("\"generation\":1,"), egress(sandbox));
        var path = path(sandbox) + "?generation=1";
        assertEquals(
                204,
                BED.api("PUT", path, "{\"mode\":\"limited\",\"allow\":[\"b.example\"]}")
                        .status());
        assertEquals(
                409,
                BED.api("PUT", path, "{\"mode\":\"limited\",\"allow\":[\"c.example\"]}")
                        .status());
        assertEquals(
                400,
                BED.api("PUT", path(sandbox), "{\"mode\":\"limited\",\"allowed\":[]}")
                        .status());
        assertTrue(egress(sandbox).contains("\"target\":\"b.example\""), egress(sandbox));
        assertTrue(egress(sandbox).contains("\"generation\":2,"), egress(sandbox));
        BED.kill(sandbox);
    }

    @Test
    void aSandboxWithoutAWayOutHasNothingOfIt() {
        var sandbox = BED.create(withEgress("{\"mode\":\"none\"}"));
        var inside = BED.exec(
                sandbox, "root", List.of("/bin/sh", "-c", "ls /run/sallyport; ip address; cat /proc/1/environ"));
        assertFalse(inside.out().contains("SALLYPORT_REMOTE"), inside.out());
        assertFalse(inside.out().contains("192.0.2.1"), inside.out());
        assertTrue(inside.err().contains("/run/sallyport"), inside.err());
        assertFalse(BED.sh(sandbox, "cat /proc/net/tcp /proc/net/tcp6").out().contains(":C340"), "49984 is not bound");
        assertEquals(409, BED.api("PUT", path(sandbox), "{\"mode\":\"open\"}").status());
        BED.kill(sandbox);
    }

    @Test
    void whatATeamMayNotSeeIsNotThere() {
        for (var path : new String[] {"", "/log"}) {
            var answer = BED.api("GET", "/sallyport/sandboxes/cl-" + "0".repeat(25) + "/egress" + path, "");
            assertEquals(404, answer.status(), answer.toString());
        }
    }

    @Test
    void aSecretGoesInAndDoesNotComeOut() {
        var made = BED.api(
                "POST",
                "/sallyport/secrets",
                "{\"name\":\"gh\",\"value\":\"ghp_0123456789abcdefghijklmnopqrstuvwxyz\",\"host\":\"API.github.com\"}");
        assertEquals(201, made.status(), made.toString());
        assertTrue(made.json("placeholder").matches("ghp_[0-9a-z]{36}"), made.toString());
        assertEquals("api.github.com", made.json("host"));
        assertEquals(
                409,
                BED.api("POST", "/sallyport/secrets", secret("gh", "otherothersecret"))
                        .status());
        var listed = BED.api("GET", "/sallyport/secrets", "").body();
        assertTrue(listed.contains(made.json("placeholder")), listed);
        assertFalse((listed + made.body()).contains("0123456789abcdefghijklmnopqrstuvwxyz"), listed);
        assertEquals(204, BED.api("DELETE", "/sallyport/secrets/gh", "").status());
        assertEquals(404, BED.api("DELETE", "/sallyport/secrets/gh", "").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"name\":\"x y\",\"value\":\"0123456789\",\"host\":\"a.example\"} | name: ",
                "{\"name\":\"x\",\"host\":\"a.example\"} | value: absent",
                "{\"name\":\"x\",\"value\":\"01234\\r\\n56789\",\"host\":\"a.example\"} | value: character 5",
                "{\"name\":\"x\",\"value\":\"01234\\u000056789\",\"host\":\"a.example\"} | value: character 5",
                "{\"name\":\"x\",\"value\":\"0123456789\\u20ac\",\"host\":\"a.example\"} | value: character 10",
                "{\"name\":\"x\",\"value\":\"0123456\",\"host\":\"a.example\"} | value: 7 bytes",
                "{\"name\":\"x\",\"value\":\"0123456789\"} | host: absent",
                "{\"name\":\"x\",\"value\":\"0123456789\",\"host\":\"*.example\"} | host: not an exact name",
                "{\"name\":\"x\",\"value\":\"0123456789\",\"host\":\"10.0.0.1\"} | host: not an exact name",
                "{\"name\":\"x\",\"value\":\"0123456789\",\"host\":\"a.example:443\"} | host: not an exact name",
                "{\"name\":\"x\",\"value\":\"0123456789\",\"host\":\"a.example\",\"scheme\":\"ftp\"} | scheme: ftp",
                "{\"name\":\"x\",\"value\":\"0123456789\",\"host\":\"a.example\",\"port\":0} | port: 0",
            })
    void aSecretThatCannotBeBoundOrSentIsRefused(String json, String message) {
        var answer = BED.api("POST", "/sallyport/secrets", json);
        assertEquals(400, answer.status(), answer.toString());
        assertTrue(answer.json("message").startsWith(message), answer.json("message"));
        assertFalse(answer.body().contains("0123456"), answer.body());
    }

    private static String secret(String name, String value) {
        return "{\"name\":\"" + name + "\",\"value\":\"" + value + "\",\"host\":\"a.example\"}";
    }

    static String withEgress(String policy) {
        return "{\"templateID\":\"base\",\"timeout\":600,\"egress\":" + policy + "}";
    }

    static String path(Sandbox sandbox) {
        return "/sallyport/sandboxes/" + sandbox.id() + "/egress";
    }

    static String egress(Sandbox sandbox) {
        var answer = BED.api("GET", path(sandbox), "");
        assertEquals(200, answer.status(), answer.toString());
        return answer.body();
    }

    private static Http.Answer network(Sandbox sandbox, String json) {
        return BED.api("PUT", "/sandboxes/" + sandbox.id() + "/network", json);
    }
}
