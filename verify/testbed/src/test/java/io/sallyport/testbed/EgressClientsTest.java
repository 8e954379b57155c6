package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testbed.Installation.Result;
import io.sallyport.testbed.Installation.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Real clients in a sandbox against servers outside it: client by client, by way of the environment and without it,
/// what is allowed, denied, looked into, and given a credential.
final class EgressClientsTest {
    private static final Testbed BED = Testbed.get();
    private static final String SECRET = "s3cret-of-the-team-0123456789";

    /// What tells a client of the proxy; without these it is led there all the same.
    private static final List<String> PROXY_VARIABLES = List.of(
            "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "JAVA_TOOL_OPTIONS");

    private static Origin origin;
    private static Sandbox sandbox;
    private static String placeholder;

    enum Way {
        ENVIRONMENT,
        TRANSPARENT
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        origin = Origin.start(
                BED.outside(),
                Testbed.OUTSIDE,
                List.of(
                        "allowed.origin.test",
                        "denied.origin.test",
                        "inspected.origin.test",
                        "secret.origin.test",
                        "header.origin.test",
                        "git.origin.test"),
                directory);
        var secret = BED.api(
                "POST",
                "/sallyport/secrets",
                "{\"name\":\"outside\",\"value\":\"" + SECRET + "\",\"host\":\"secret.origin.test\"}");
        assertEquals(201, secret.status(), secret::toString);
        placeholder = secret.json("placeholder");
        assertEquals(
                201,
                BED.api(
                                "POST",
                                "/sallyport/secrets",
                                "{\"name\":\"header\",\"value\":\"" + SECRET + "-2\",\"host\":\"header.origin.test\"}")
                        .status());
        sandbox = BED.create("""
                {"templateID":"base","timeout":1200,"egress":{"mode":"LIMITED","transparent":true,
                 "allow":[{"target":"allowed.origin.test"},
                          {"target":"inspected.origin.test","methods":["GET"],"paths":["/hello"]},
                          {"target":"secret.origin.test"},{"target":"header.origin.test"},
                          {"target":"git.origin.test","paths":["/git/*"]}],
                 "secrets":["outside"],
                 "transforms":[{"host":"header.origin.test","headers":{"X-Key":"Bearer ${e2b.secrets.header}"}}]}}
                """);
        EgressClient.install(sandbox);
        BED.put(sandbox, "/home/user/origin.pem", Files.readString(BED.outside().certificate()));
        trustOrigin();
    }

    /// What is not looked into shows the origin's own certificate: its authority is one of those the sandbox trusts.
    private static void trustOrigin() {
        var result = BED.exec(
                sandbox,
                "root",
                List.of(
                        "/bin/sh",
                        "-ec",
                        "cat /home/user/origin.pem | tee -a /run/sallyport/ca-bundle.crt"
                                + " >> /etc/ssl/certs/ca-certificates.crt; "
                                + System.getProperty("java.home")
                                + "/bin/keytool -importcert -noprompt -alias origin -file /home/user/origin.pem"
                                + " -keystore /run/sallyport/trust.p12 -storepass changeit"));
        assertEquals(0, result.code(), result::toString);
    }

    @AfterAll
    static void stop() {
        BED.kill(sandbox);
        origin.close();
    }

    static Stream<Arguments> clientsAndWays() {
        return Stream.of(EgressClient.values())
                .flatMap(client -> Stream.of(Way.values()).map(way -> Arguments.of(client, way)));
    }

    @ParameterizedTest
    @MethodSource("clientsAndWays")
    void reachesWhatIsAllowed(EgressClient client, Way way) {
        var result = get(client, way, "https://allowed.origin.test/hello", "");
        assertEquals("hello from allowed.origin.test\n", result.out(), result::toString);
    }

    @ParameterizedTest
    @MethodSource("clientsAndWays")
    void doesNotReachWhatIsDenied(EgressClient client, Way way) {
        var result = get(client, way, "https://denied.origin.test/hello", "");
        assertNotEquals(0, result.code(), result::toString);
        assertEquals("", result.out().replaceAll("\\{.*", ""));
        assertFalse(origin.seen().stream().anyMatch(line -> line.contains("denied.origin.test")));
    }

    @ParameterizedTest
    @MethodSource("clientsAndWays")
    void isLookedIntoWhereARuleNeedsThat(EgressClient client, Way way) {
        var allowed = get(client, way, "https://inspected.origin.test/hello", "");
        assertEquals("hello from inspected.origin.test\n", allowed.out(), allowed::toString);
        var denied = get(client, way, "https://inspected.origin.test/headers", "");
        assertNotEquals(0, denied.code(), denied::toString);
        assertFalse(origin.seen().contains("GET inspected.origin.test/headers"));
    }

    @ParameterizedTest
    @MethodSource("clientsAndWays")
    void aPlaceholderBecomesTheSecretOnTheWayAndComesBackAsThePlaceholder(EgressClient client, Way way) {
        var result = get(client, way, "https://secret.origin.test/headers", "Authorization=Bearer " + placeholder);
        assertTrue(result.out().contains("Authorization: Bearer " + placeholder), result::toString);
        assertFalse(result.out().contains(SECRET), "the secret is not seen inside");
    }

    @ParameterizedTest
    @MethodSource("clientsAndWays")
    void aHeaderOfThePolicyIsSetWhateverTheClientSays(EgressClient client, Way way) {
        var result = get(client, way, "https://header.origin.test/headers", "X-Key=mine");
        assertTrue(result.out().toLowerCase(java.util.Locale.ROOT).contains("x-key: bearer "), result::toString);
        assertFalse(result.out().contains("mine"), result::toString);
        assertFalse(result.out().contains(SECRET), "the secret is not seen inside");
    }

    @ParameterizedTest
    @MethodSource("clientsAndWays")
    void plainHttpIsPassedOnAndLookedInto(EgressClient client, Way way) {
        var allowed = get(client, way, "http://inspected.origin.test/hello", "");
        assertEquals("hello from inspected.origin.test\n", allowed.out(), allowed::toString);
        var denied = get(client, way, "http://inspected.origin.test/headers", "");
        assertNotEquals(0, denied.code(), denied::toString);
    }

    @Test
    void theSecretReachesTheOriginAndNobodyElse() {
        var echoed = BED.sh(
                sandbox,
                "curl -sS -H 'Authorization: Bearer " + placeholder
                        + "' https://secret.origin.test/headers | sha256sum; "
                        + "curl -sS -o /dev/null -w '%{http_code}' -H 'X-Api-Key: " + placeholder
                        + "' https://header.origin.test/headers");
        assertTrue(echoed.out().endsWith("403"), echoed::toString);
    }

    @Test
    void gitClonesAndPushesOverHttps() throws IOException {
        for (var way : Way.values()) {
            var name = way.name().toLowerCase(java.util.Locale.ROOT);
            var repository = origin.repositories().resolve(name + ".git").toString();
            HostTruth.run("git", "init", "-q", "--bare", repository);
            HostTruth.run("git", "-C", repository, "config", "http.receivepack", "true");
            var script =
                    "cd /home/user && git clone -q https://git.origin.test/git/" + name + ".git " + name + " && cd "
                            + name + " && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m 'from inside'"
                            + " && git push -q origin HEAD:refs/heads/main && git ls-remote origin refs/heads/main";
            var result = BED.exec(sandbox, "user", command(way, List.of("/bin/sh", "-ec", script)));
            assertTrue(result.out().contains("refs/heads/main"), result::toString);
            assertEquals(
                    "from inside",
                    HostTruth.run("git", "-C", repository, "log", "-1", "--format=%s", "main")
                            .strip());
        }
    }

    @Test
    void aptReadsARepositoryOverHttps() throws IOException {
        Files.writeString(origin.files().resolve("Packages"), """
                Package: from-outside
                Version: 1.0
                Architecture: all
                Maintainer: nobody <nobody@origin.test>
                Filename: from-outside.deb
                Size: 1
                SHA256: 0000000000000000000000000000000000000000000000000000000000000000
                Description: seen from inside

                """);
        var script = "mkdir -p /tmp/apt/lists/partial /tmp/apt/cache/archives/partial && touch /tmp/apt/status"
                + " && echo 'deb [trusted=yes] https://allowed.origin.test/files/ ./' > /tmp/apt/sources"
                + " && o='-o Dir::Etc::sourcelist=/tmp/apt/sources -o Dir::Etc::sourceparts=- -o Dir::State=/tmp/apt"
                + " -o Dir::State::status=/tmp/apt/status -o Dir::Cache=/tmp/apt/cache -o APT::Sandbox::User=root'"
                + " && apt-get $o update >&2 && apt-cache $o show from-outside";
        for (var way : Way.values()) {
            var result = BED.exec(sandbox, "root", command(way, List.of("/bin/sh", "-ec", script)));
            assertTrue(result.out().contains("seen from inside"), result::toString);
        }
    }

    private static Result get(EgressClient client, Way way, String url, String header) {
        return BED.exec(sandbox, "user", command(way, client.get(url, header)));
    }

    private static List<String> command(Way way, List<String> command) {
        var line = new ArrayList<String>();
        if (way == Way.TRANSPARENT) {
            line.add("env");
            for (var variable : PROXY_VARIABLES) {
                line.addAll(List.of("-u", variable));
            }
            line.add("JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=/run/sallyport/trust.p12"
                    + " -Djavax.net.ssl.trustStorePassword=changeit");
        }
        line.addAll(command);
        return line;
    }
}
