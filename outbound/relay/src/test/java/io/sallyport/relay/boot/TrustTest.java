package io.sallyport.relay.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Attack 42 of reference/egress.md §4.3.
final class TrustTest {
    private static final String PEM = TestAuthority.pem();

    @TempDir
    private Path directory;

    private Path system;
    private Path bundle;
    private Path store;

    @BeforeEach
    void paths() {
        system = directory.resolve("system.crt");
        bundle = directory.resolve("ca-bundle.crt");
        store = directory.resolve("trust.p12");
    }

    @Test
    void addsToWhatTheSystemTrusts() throws Exception {
        Files.writeString(system, "# a comment\n" + PEM.strip()); // without an end of its last line
        install(PEM);
        var lines = Files.readString(bundle);
        assertTrue(lines.startsWith("# a comment\n" + PEM.strip() + "\n-----BEGIN"), lines);
        assertTrue(lines.endsWith(PEM));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(bundle)));
        try (var stream = Files.newInputStream(store)) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(stream, null);
            assertEquals(2, keys.size());
        }
    }

    @Test
    void aSystemWithoutAuthoritiesIsTakenAsItIs() throws IOException {
        install(PEM);
        assertEquals(PEM, Files.readString(bundle));
    }

    @Test
    void takesSeveralAuthoritiesAndWindowsLineEnds() throws IOException {
        install(PEM + "\n" + PEM);
        assertEquals(2, Pem.authorities(Files.readAllBytes(bundle)).size());
        install(PEM.replace("\n", "\r\n"));
        assertEquals(1, Pem.authorities(Files.readAllBytes(bundle)).size());
    }

    @Test
    void replacesTheBundleAndLeavesNothingBeside() throws IOException {
        Files.writeString(directory.resolve(".ca-bundle.crt.partial"), "of a start that was killed");
        Files.writeString(bundle, "old");
        install(PEM);
        assertEquals(PEM, Files.readString(bundle));
        try (var files = Files.list(directory)) {
            assertEquals(2, files.count());
        }
    }

    static Stream<Arguments> bodies() {
        var lines = PEM.lines().toList();
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("a page", "<!doctype html><html><body>502</body></html>"),
                Arguments.of("a page around a certificate", "<pre>\n" + PEM + "</pre>"),
                Arguments.of("text before", "hello\n" + PEM),
                Arguments.of("text behind", PEM + "hello\n"),
                Arguments.of("cut off", PEM.substring(0, PEM.length() / 2)),
                Arguments.of("without its last line", String.join("\n", lines.subList(0, lines.size() - 1))),
                Arguments.of("one line lost", PEM.replace(lines.get(2) + "\n", "")),
                Arguments.of(
                        "not base64",
                        PEM.replace(lines.get(1), "!!!!" + lines.get(1).substring(4))),
                Arguments.of("empty", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
                Arguments.of("a key", PEM + key("PRIVATE KEY")),
                Arguments.of("a key before", key("EC PRIVATE KEY") + PEM),
                Arguments.of("a key inside", PEM.replace("-----END", key("RSA PRIVATE KEY") + "-----END")),
                Arguments.of("a request", PEM.replace("CERTIFICATE", "CERTIFICATE REQUEST")),
                Arguments.of("too many", PEM.repeat(65)));
    }

    private static String key(String kind) {
        return "-----BEGIN " + kind + "-----\nAAAA\n-----END " + kind + "-----\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void refusesWhatIsNotCertificatesAloneAndTouchesNothing(String what, String body) throws IOException {
        Files.writeString(bundle, "old");
        assertThrows(IOException.class, () -> install(body));
        assertEquals("old", Files.readString(bundle));
        assertFalse(Files.exists(store));
    }

    @Test
    void anyBytesAreReadOrRefused() {
        var random = new Random(42);
        var pem = PEM.getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 3_000; round++) {
            var mutated = pem.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try {
                assertEquals(1, Pem.authorities(mutated).size());
            } catch (IOException e) {
                assertFalse(String.valueOf(e.getMessage()).isEmpty());
            }
        }
    }

    @Test
    void theSystemTrustsTheGatewayOnceHoweverOftenItStarts() throws IOException {
        Files.writeString(system, "# of the system\n");
        for (int start = 0; start < 2; start++) {
            install(PEM);
            Trust.installForTheSystem(bundle, system);
        }
        assertEquals(2, Files.readString(system).split("# of the system|BEGIN CERTIFICATE", -1).length - 1);
    }

    private void install(String pem) throws IOException {
        Trust.install(pem.getBytes(StandardCharsets.ISO_8859_1), system, bundle, store);
    }
}
