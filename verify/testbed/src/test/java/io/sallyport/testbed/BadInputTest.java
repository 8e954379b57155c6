package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.SandboxId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the gate says to requests it does not carry. After each, a request on a new connection still works.
final class BadInputTest {
    private static final Testbed BED = Testbed.get();
    private static final List<String> SEEN = new ArrayList<>();
    private static Installation.Sandbox sandbox;
    private static Installation.Sandbox killed;

    @BeforeAll
    static void createSandboxes() {
        sandbox = BED.create();
        killed = BED.create();
        BED.kill(killed);
        Apps.echo(sandbox, 3000, "127.0.0.1");
    }

    @AfterAll
    static void leaveATable() throws IOException {
        Files.write(Testbed.output("bad-input.txt"), SEEN);
    }

    @ParameterizedTest
    @CsvSource({
        "port 0, 0-%s.localhost, 400, bad_port",
        "leading zero, 080-%s.localhost, 400, bad_port",
        "port 70000, 70000-%s.localhost, 400, bad_port",
        "port text, http-%s.localhost, 400, bad_port",
        "id too long, 3000-%s0.localhost, 400, bad_sandbox_id",
        "id too large, 3000-cl-zzzzzzzzzzzzzzzzzzzzzzzzz.localhost, 400, bad_sandbox_id",
        "id cut off, 3000-cl-123.localhost, 400, bad_sandbox_id",
    })
    void malformedSandboxHosts(String what, String host, int status, String reason) {
        var answer = BED.http().get(host.formatted(sandbox.id()), "/");
        assertEquals(status, answer.status(), answer.toString());
        assertEquals(reason, answer.json("reason"));
        assertEquals(Integer.toString(status), answer.json("code"));
        seen(what, answer);
    }

    @Test
    void upperCaseIsTheSameSandbox() {
        var answer = BED.http().get("3000-" + sandbox.id().text().toUpperCase(Locale.ROOT) + ".LOCALHOST", "/up");
        assertEquals("/up", answer.json("url"));
        seen("id in upper case", answer);
    }

    @Test
    void sandboxesThatAreNotThere() {
        var unknown = BED.http().get("3000-" + SandboxId.random() + ".localhost", "/");
        assertEquals(404, unknown.status());
        assertEquals("unknown_sandbox", unknown.json("reason"));
        seen("unknown id", unknown);

        var stopped = BED.get(killed, 3000, "/");
        assertEquals(409, stopped.status());
        assertEquals("The sandbox is not running. It is killed.", stopped.json("message"));
        seen("stopped id", stopped);
    }

    @Test
    void thePortOfTheDaemonSpeaksAsE2bDoes() {
        var unknown = BED.http().get("49983-" + SandboxId.random() + ".localhost", "/health");
        assertEquals(502, unknown.status());
        assertEquals("The sandbox was not found", unknown.json("message"));
        seen("unknown id, daemon's port", unknown);
        var stopped = BED.get(killed, 49983, "/health");
        assertEquals(502, stopped.status());
        assertEquals("502", stopped.json("code"));
        seen("stopped id, daemon's port", stopped);
        var reserved = BED.http()
                .send("POST /init HTTP/1.1\r\nHost: " + sandbox.host(49983)
                        + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        assertEquals(404, reserved.status());
        seen("/init from outside", reserved);
    }

    @Test
    void aPortOnWhichNothingListens() {
        var answer = BED.get(sandbox, 9, "/");
        assertEquals(502, answer.status());
        assertEquals("not_listening", answer.json("reason"));
        seen("nothing listens (after the hold time)", answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no Host | GET / HTTP/1.1~~ | 400",
                "two Hosts | GET / HTTP/1.1~Host: @~Host: @~~ | 400",
                "Host with a space | GET / HTTP/1.1~Host: a b~~ | 400",
                "Host with a path | GET / HTTP/1.1~Host: @/x~~ | 400",
                "CL and TE | POST / HTTP/1.1~Host: @~Content-Length: 3~Transfer-Encoding: chunked~~0~~ | 400",
                "TE and CL | POST / HTTP/1.1~Host: @~Transfer-Encoding: chunked~Content-Length: 3~~0~~ | 400",
                "two CL | POST / HTTP/1.1~Host: @~Content-Length: 1~Content-Length: 1~~x | 400",
                "CL +1 | POST / HTTP/1.1~Host: @~Content-Length: +1~~x | 400",
                "TE gzip, chunked | POST / HTTP/1.1~Host: @~Transfer-Encoding: gzip, chunked~~0~~ | 501",
                "space before colon | GET / HTTP/1.1~Host : @~~ | 400",
                "obs-fold | GET / HTTP/1.1~Host: @~X: 1~  2~~ | 400",
                "two spaces | GET  / HTTP/1.1~Host: @~~ | 400",
                "fragment | GET /#x HTTP/1.1~Host: @~~ | 400",
                "HTTP/1.10 | GET / HTTP/1.10~Host: @~~ | 400",
                "HTTP/3.0 | GET / HTTP/3.0~Host: @~~ | 505",
                "URL host differs | GET http://other/ HTTP/1.1~Host: @~~ | 400",
                "CONNECT | CONNECT @:80 HTTP/1.1~Host: @~~ | 405",
                "only one routing header | GET / HTTP/1.1~Host: localhost~E2b-Sandbox-Port: 1~~ | 400",
            })
    void ambiguousMessages(String what, String request, int status) {
        var answer = BED.http().send(request.replace("~", "\r\n").replace("@", sandbox.host(3000)));
        assertEquals(status, answer.status(), answer.toString());
        assertEquals(Integer.toString(status), answer.json("code"));
        seen(what, answer);
        assertEquals("/after", BED.get(sandbox, 3000, "/after").json("url"));
    }

    @Test
    void aBodyThatBreaksNeverLooksWholeToTheApp() throws IOException {
        for (var body : new String[] {"5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "zz\r\n", "5\r\nhel"}) {
            try (var client = BED.http().open()) {
                client.getOutputStream()
                        .write(("POST /broken HTTP/1.1\r\nHost: " + sandbox.host(3000)
                                        + "\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                var answer = Http.read(client.getInputStream(), false);
                assertTrue(answer.status() == 400 || answer.status() == 0, body + " gave " + answer);
                seen("body " + body.replace("\r", "\\r").replace("\n", "\\n"), answer);
            }
        }
        assertEquals("/after", BED.get(sandbox, 3000, "/after").json("url"));
    }

    private static void seen(String what, Http.Answer answer) {
        SEEN.add("%-40s %d %s".formatted(what, answer.status(), answer.body()));
    }
}
