package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.SandboxId;
import io.sallyport.testbed.Program.Said;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The commands about who gets in: teams, keys, ports, links and private sandboxes, as processes of their own.
final class AccessProgramTest {
    private static final Duration STARTED = Duration.ofSeconds(15);
    private static final Duration REVOKED = Duration.ofSeconds(1);
    private static final int APP = 3000;
    private static final String UNKNOWN_KEY_ID = "00000000-0000-4000-8000-000000000000";

    private static final List<Process> PLATFORM = new ArrayList<>();
    private static Path home;
    private static int port;

    @BeforeAll
    static void up() throws IOException {
        home = Files.createTempDirectory("sallyport-access-program");
        port = Testbed.freePort();
        ProgramTest.up(home, port, PLATFORM);
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        if (PLATFORM.stream().anyMatch(Process::isAlive)) {
            run("kill", "--all");
        }
        for (var process : PLATFORM) {
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "up ends");
        }
        assertEquals("", ProgramTest.postgresOf(home));
        HostTruth.removeTree(home);
    }

    private static Said run(String... arguments) throws Exception {
        return Program.finish(Program.builder(home, Program.java(arguments)).start());
    }

    private static Said runWithKey(String key, String... arguments) throws Exception {
        var builder = Program.builder(home, Program.java(arguments));
        builder.environment().put("SALLYPORT_API_KEY", key);
        return Program.finish(builder.start());
    }

    /// Runs a command that must do what it is told, and gives what it wrote.
    private static String done(String... arguments) throws Exception {
        var said = run(arguments);
        assertEquals(0, said.code(), said.err());
        return said.out();
    }

    private static void assertRefused(int code, String sentence, Said said) {
        assertEquals(code, said.code(), said.toString());
        assertEquals("", said.out());
        assertTrue(said.err().contains(sentence), said.err());
    }

    private static String found(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), () -> pattern + " in " + text);
        return matcher.group(1);
    }

    /// The cells of a table's row that begins so.
    private static List<String> row(String table, String first) {
        return table.lines()
                .map(line -> List.of(line.split(" {2,}", -1)))
                .filter(cells -> cells.getFirst().equals(first))
                .findFirst()
                .orElseThrow(() -> new AssertionError(first + " is not in " + table));
    }

    private static int status(String url, String... headers) {
        var address = url.substring("http://".length());
        int path = address.indexOf('/');
        var host = path < 0 ? address : address.substring(0, path);
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return new Http(Loopback.v4(port))
                .send("GET " + (path < 0 ? "/" : address.substring(path)) + " HTTP/1.1\r\nHost: " + host + "\r\n"
                        + lines + "Connection: close\r\n\r\n")
                .status();
    }

    private static void becomes(int status, Duration wait, String url, String... headers) {
        Testbed.eventually(wait, url + " answers " + status, () -> status(url, headers) == status);
    }

    /// A sandbox with a server on [#APP], as `run --detach` leaves it: its id and the address that was printed.
    private record Served(String id, String url) {
        static Served start(String... options) throws Exception {
            var command = new ArrayList<>(List.of("run", "--detach", "-p", Integer.toString(APP)));
            command.addAll(List.of(options));
            command.addAll(List.of("--", "python3", "-m", "http.server", Integer.toString(APP)));
            var lines = done(command.toArray(String[]::new)).split("\n", -1);
            assertEquals(3, lines.length, "an id and an address");
            becomes(200, STARTED, lines[1]);
            return new Served(lines[0], lines[1]);
        }

        /// The address without anything that opens it.
        String plain() {
            return "http://" + APP + "-" + id + ".localhost:" + port;
        }
    }

    @Test
    void teamsAreAddedAndListed() throws Exception {
        assertEquals("web\n", done("team", "add", "web"));
        assertEquals("{\"name\":\"web-2\",\"operator\":false}\n", done("team", "add", "--json", "web-2"));
        assertEquals(List.of("web", "no"), row(done("team", "ls"), "web"));
        assertTrue(done("team", "ls").lines().anyMatch(line -> line.endsWith("  yes")), "the operator's");
        var listed = done("team", "ls", "--json");
        assertTrue(listed.startsWith("[{") && listed.contains("{\"name\":\"web\",\"operator\":false}"), listed);

        assertRefused(4, "team web: there is one of that name", run("team", "add", "web"));
        assertRefused(4, "name: a b (expected: 1 to 63 letters", run("team", "add", "a b"));
        assertRefused(2, "NAME", run("team", "add"));
        assertRefused(2, "Missing required subcommand", run("team"));
    }

    @Test
    void aKeyIsShownOnceAndOpensUntilItIsRevoked() throws Exception {
        done("team", "add", "keys");
        var added = run("key", "add", "--team", "keys", "--name", "ci");
        assertEquals(0, added.code(), added.err());
        var key = found("^(spk_[0-9a-f]{40})\n$", added.out());
        assertTrue(added.err().contains("shown this once"), added.err());
        var id = found("sallyport key revoke ([0-9a-f-]{36})\n", added.err());

        assertEquals(1, runWithKey(key, "ls").out().lines().count(), "a team without sandboxes");
        assertRefused(4, "this needs a key of an operator's team", runWithKey(key, "team", "ls"));
        assertRefused(4, "this needs a key of an operator's team", runWithKey(key, "team", "add", "x"));
        assertRefused(4, "this needs a key of an operator's team", runWithKey(key, "key", "ls", "--team", "web"));

        var json = done("key", "add", "--team", "keys", "--json");
        assertTrue(json.startsWith("{\"id\":\"") && json.contains("\"key\":\"spk_"), json);
        var listed = done("key", "ls", "--team", "keys");
        assertEquals(List.of(id, "keys", "ci"), row(listed, id).subList(0, 3));
        assertEquals("-", row(listed, id).getLast());
        assertEquals("-", row(listed, found("\"id\":\"([^\"]+)\"", json)).get(2), "one without a name");
        assertTrue(done("key", "ls", "--team", "keys", "--json").startsWith("[{\"id\":\"" + id));
        assertFalse(listed.contains(key.substring(4)), listed);
        assertEquals(row(done("key", "ls"), "ID"), row(listed, "ID"));
        assertEquals(
                listed.lines().count(),
                runWithKey(key, "key", "ls").out().lines().count(),
                "its own team's");

        var api = "http://localhost:" + port + "/v2/sandboxes";
        assertEquals(200, status(api, "X-API-Key: " + key));
        assertEquals(new Said(0, "", ""), run("key", "revoke", id));
        becomes(401, REVOKED, api, "X-API-Key: " + key);
        assertEquals(4, runWithKey(key, "ls").code());
        assertTrue(row(done("key", "ls", "--team", "keys"), id).getLast().endsWith(" ago"));
        assertRefused(4, "key " + id + ": there is none, or it is revoked", run("key", "revoke", id));
    }

    @Test
    void whatIsNoKeyIsSaid() throws Exception {
        assertRefused(4, "team nosuch: there is none", run("key", "add", "--team", "nosuch"));
        assertRefused(4, "team no such&team=x: there is none", run("key", "ls", "--team", "no such&team=x"));
        assertRefused(4, "name: a b (expected: 1 to 63 letters", run("key", "add", "--name", "a b"));
        assertRefused(4, "key " + UNKNOWN_KEY_ID + ": there is none", run("key", "revoke", UNKNOWN_KEY_ID));
        assertRefused(2, "key: nonsense (expected: its id, as key ls shows it)", run("key", "revoke", "nonsense"));
        var itself = run("key", "revoke", "spk_0123456789abcdef0123456789abcdef01234567");
        assertRefused(2, "key: the key itself (expected: its id", itself);
        assertFalse(itself.err().contains("0123456789"), itself.err());
    }

    @Test
    void aPrivateSandboxOpensToKeyTokenAndLinkOnly() throws Exception {
        var id = done("create", "--private").strip();
        assertTrue(SandboxId.parse(id).isPresent(), id);
        var created = done("create", "--private", "--json");
        var token = found("\"trafficAccessToken\":\"([^\"]+)\"", created);
        assertTrue(done("create", "--json").contains("\"trafficAccessToken\":null"));
        var closed = "http://" + APP + "-" + found("\"sandboxID\":\"([^\"]+)\"", created) + ".localhost:" + port;
        assertEquals(404, status(closed));
        assertEquals(502, status(closed, "E2b-Traffic-Access-Token: " + token), "let in, and nothing listens");

        var made = done("key", "add", "--json");
        var served = Served.start("--private");
        assertEquals(404, status(served.plain()));
        var header = "X-API-Key: " + found("\"key\":\"([^\"]+)\"", made);
        assertEquals(200, status(served.plain(), header));
        done("key", "revoke", found("\"id\":\"([^\"]+)\"", made));
        becomes(401, REVOKED, served.plain(), header);
    }

    @Test
    void runPrintsALinkToAPrivatePortThatLastsAsLongAsTheSandbox() throws Exception {
        var before = Instant.now().minusSeconds(1);
        var served = Served.start("--private", "--timeout", "10m");
        assertTrue(served.url().startsWith(served.plain() + "/?sallyport-access="), served.url());
        var link = found("\"id\":\"([^\"]+)\"", done("links", served.id(), "--json"));
        assertTrue(served.url().contains("." + link + "."), "the only one");
        var ends = Instant.parse(found("\"expiresAt\":\"([^\"]+)\"", done("links", served.id(), "--json")));
        var lasts = Duration.between(before, ends);
        assertTrue(lasts.toSeconds() >= 600 && lasts.toSeconds() < 660, lasts.toString());
        assertEquals(served.plain(), Served.start().url().replaceAll("cl-[0-9a-z]{25}", served.id()));

        var sandboxes = done("ls").lines().count();
        var daemon = run("run", "--private", "-d", "-p", "49983", "--", "true");
        assertRefused(4, "port: 49983 (expected: another", daemon);
        assertEquals(sandboxes, done("ls").lines().count(), "nothing is left of what failed");
    }

    @Test
    void aLinkOpensUntilItIsRevokedAndOthersStillDo() throws Exception {
        var served = Served.start("--private");
        var shared = run("url", served.id(), "3000", "--share", "1h");
        assertEquals(0, shared.code(), shared.err());
        var url = shared.out().strip();
        assertTrue(url.matches(Pattern.quote(served.plain()) + "/\\?sallyport-access=[A-Za-z0-9._-]+"), url);
        var link = found("Link ([A-Za-z0-9_-]{16}) opens until [0-9T:-]+Z\\.", shared.err());
        assertTrue(shared.err().endsWith("sallyport link revoke " + served.id() + " " + link + "\n"), shared.err());
        assertEquals(200, status(url));
        assertEquals(401, status(url.replace("//3000-", "//3001-")), "it is of one port");

        var json = done("url", served.id(), "3000", "--share", "90s", "--json");
        var other = found("\"url\":\"([^\"]+)\"", json);
        assertEquals(200, status(other));
        var listed = row(done("links", served.id()), link);
        assertEquals(List.of(link, "3000"), listed.subList(0, 2));
        assertTrue(listed.get(2).endsWith("s ago") && listed.getLast().matches("59m|60m"), listed.toString());
        var links = done("links", served.id(), "--json");
        assertTrue(
                links.startsWith("[{\"id\":\"") && links.contains(link) && !links.contains("sallyport-access"), links);

        assertEquals(new Said(0, "", ""), run("link", "revoke", served.id(), link));
        becomes(401, REVOKED, url);
        assertEquals(200, status(other));
        assertFalse(done("links", served.id()).contains(link), "listed is what opens");
        assertRefused(
                4, "link " + link + ": there is none, or it is revoked", run("link", "revoke", served.id(), link));
    }

    @Test
    void whatIsNoLinkIsSaid() throws Exception {
        var id = done("create").strip();
        assertRefused(2, "--share: 0s (expected: 1s to 720h)", run("url", id, "3000", "--share", "0"));
        assertRefused(2, "--share: 2595600s (expected: 1s to 720h)", run("url", id, "3000", "--share", "721h"));
        assertRefused(2, "'soon' (expected: for example 90s", run("url", id, "3000", "--share", "soon"));
        assertRefused(2, "port: 70000 (expected: 1-65535)", run("url", id, "70000", "--share", "1h"));
        assertRefused(4, "port: 49983 (expected: another", run("url", id, "49983", "--share", "1h"));
        assertRefused(4, "doesn't exist", run("url", SandboxId.random().text(), "3000", "--share", "1h"));
        assertRefused(4, "doesn't exist", run("links", SandboxId.random().text()));
        assertRefused(2, "sandbox id: a/b (expected: cl-", run("links", "a/b"));
        assertRefused(2, "link: nonsense (expected: its id, as links shows it)", run("link", "revoke", id, "nonsense"));
        for (var dashed : List.of("-aaaaaaaaaaaaaaa", "--aaaaaaaaaaaaaa", "-haaaaaaaaaaaaaa")) {
            assertRefused(4, "link " + dashed + ": there is none", run("link", "revoke", id, dashed));
        }
        assertTrue(done("link", "revoke", "-h").startsWith("Usage: sallyport link revoke"));
        var address = run("link", "revoke", id, "http://x.localhost/?sallyport-access=secret");
        assertRefused(2, "link: its address (expected: its id", address);
        assertFalse(address.err().contains("secret"), address.err());
    }

    @Test
    void portsShowsWhatListensAndWhatWentThrough() throws Exception {
        var served = Served.start();
        var seen = new ArrayList<List<String>>();
        Testbed.eventually(STARTED, "the traffic is told", () -> {
            seen.add(row(uncheckedDone("ports", served.id()), "3000"));
            return seen.getLast().get(8).equals("answered");
        });
        var cells = seen.getLast();
        assertEquals(List.of("3000", "0.0.0.0", "python3", "http", "public", "keep"), cells.subList(0, 6));
        assertTrue(Integer.parseInt(cells.get(6)) > 0, cells.toString());
        assertTrue(cells.get(9).endsWith("s ago"), cells.toString());
        assertEquals(
                "PORT ADDRESS PROCESS PROTOCOL ACCESS HOST/ORIGIN REQUESTS FAILED LAST OUTCOME ACTIVE",
                String.join(" ", row(done("ports", served.id()), "PORT")));
        var json = done("ports", served.id(), "--json");
        assertTrue(json.startsWith("[{\"port\":") && json.contains("\"lastOutcome\":\"answered\""), json);

        assertRefused(4, "doesn't exist", run("ports", SandboxId.random().text()));
        assertRefused(2, "sandbox id: a/b (expected: cl-", run("ports", "a/b"));
        assertRefused(2, "ID", run("ports"));
    }

    @Test
    void aProcessCannotSteerTheTerminalByItsName() throws Exception {
        var script = "open('/proc/self/comm','w').write('\\x1b[31mred')\n"
                + "import http.server\nhttp.server.test(http.server.SimpleHTTPRequestHandler, port=3000)";
        var lines = done("run", "--detach", "-p", "3000", "--", "python3", "-c", script)
                .split("\n", -1);
        becomes(200, STARTED, lines[1]);
        var shown = done("ports", lines[0]);
        assertTrue(row(shown, "3000").get(2).endsWith("31mred"), shown);
        assertFalse(shown.contains("\033"), shown);
    }

    private static String uncheckedDone(String... arguments) {
        try {
            return done(arguments);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsSetOfAPortStaysUntilItIsReset() throws Exception {
        var served = Served.start();
        assertEquals(new Said(0, "", ""), run("port", "set", served.id(), "3000", "--access", "private"));
        becomes(404, REVOKED, served.plain());
        assertEquals(List.of("private", "keep"), accessAndHeaders(served));

        done("port", "set", served.id(), "3000", "--host", "loopback");
        assertEquals(List.of("private", "loopback/keep (pinned)"), accessAndHeaders(served));
        done("port", "set", served.id(), "3000", "--origin", "match");
        assertEquals(List.of("private", "loopback/match (pinned)"), accessAndHeaders(served));
        assertEquals(404, status(served.plain()), "it is not opened by the way");
        done("port", "set", served.id(), "3000", "--access", "public", "--host", "app.test:8080");
        assertEquals(List.of("public", "app.test:8080/match (pinned)"), accessAndHeaders(served));
        becomes(200, REVOKED, served.plain());

        done("port", "set", served.id(), "3000", "--access", "private");
        becomes(404, REVOKED, served.plain());
        assertEquals(new Said(0, "", ""), run("port", "reset", served.id(), "3000"));
        becomes(200, REVOKED, served.plain());
        assertEquals(List.of("public", "keep"), accessAndHeaders(served));

        done("port", "set", served.id(), "4000", "--access", "private");
        assertEquals(
                List.of("4000", "-", "-", "http?", "private", "keep", "0", "0", "-", "-"),
                row(done("ports", served.id()), "4000"),
                "a port nothing listens on yet");
    }

    private static List<String> accessAndHeaders(Served served) throws Exception {
        return row(done("ports", served.id()), "3000").subList(4, 6);
    }

    @Test
    void whatAPortCannotBeIsSaid() throws Exception {
        var id = done("create").strip();
        assertRefused(2, "port: 0 (expected: 1-65535)", run("port", "set", id, "0", "--access", "public"));
        assertRefused(2, "port: 65536 (expected: 1-65535)", run("port", "reset", id, "65536"));
        assertRefused(2, "'abc' is not an int", run("port", "reset", id, "abc"));
        assertRefused(2, "expected: --access, --host or --origin", run("port", "set", id, "3000"));
        assertRefused(
                2, "--access: open (expected: public, private)", run("port", "set", id, "3000", "--access", "open"));
        assertRefused(
                2, "--origin: none (expected: keep, match, strip)", run("port", "set", id, "3000", "--origin", "none"));
        assertRefused(
                4, "host: a b (expected: keep, loopback, or a host", run("port", "set", id, "3000", "--host", "a b"));
        assertRefused(4, "port: 49983 (expected: another", run("port", "set", id, "49983", "--access", "public"));
        assertRefused(4, "port: 49983 (expected: another", run("port", "set", id, "49983", "--host", "loopback"));
        var nobody = SandboxId.random().text();
        assertRefused(4, "doesn't exist", run("port", "set", nobody, "3000", "--access", "private"));
        assertRefused(4, "doesn't exist", run("port", "reset", nobody, "3000"));
    }
}
