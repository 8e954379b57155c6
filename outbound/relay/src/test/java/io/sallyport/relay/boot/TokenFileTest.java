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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Attack 76 of reference/egress.md §4.6.
@Timeout(30)
final class TokenFileTest {
    private static final String SECRET = "secret-token-0123456789";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {SECRET, SECRET + "\n", "  " + SECRET + "\r\n", "\t\n" + SECRET + " \n\n"})
    void readsATokenWithoutTheBlanksAroundIt(String content) throws IOException {
        assertEquals(SECRET, read(write(content)));
    }

    @Test
    void aFileThatIsNotThereIsNoToken() throws IOException {
        assertTrue(TokenFile.open(directory.resolve("absent")).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \r\n\t"})
    void anEmptyFileHoldsNone(String content) throws IOException {
        try (var file = TokenFile.open(write(content)).orElseThrow()) {
            assertTrue(file.read().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\nb", "a\r\nX-Header: b", "a b", "t\u00f6ken", "a\u007fb", "\0"})
    void refusesWhatCannotStandInAHeaderAndDoesNotRepeatIt(String content) throws IOException {
        var path = write(content);
        try (var file = TokenFile.open(path).orElseThrow()) {
            var e = assertThrows(IOException.class, file::read);
            assertFalse(String.valueOf(e.getMessage()).contains(content.strip()));
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void takesFourKibibytesAndNotOneMore() throws IOException {
        assertEquals(4096, read(write("t".repeat(4096))).length());
        refuses(write("t".repeat(4097)));
        refuses(write("t".repeat(10 << 20)));
    }

    @Test
    void refusesALinkEvenToAGoodFile() throws IOException {
        var link = directory.resolve("link");
        Files.createSymbolicLink(link, write(SECRET));
        refuses(link);
    }

    @Test
    void refusesADirectory() {
        refuses(directory);
    }

    @Test
    void refusesAPipeWithoutWaitingForItsWriter() throws Exception {
        var pipe = directory.resolve("pipe");
        var mkfifo = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start();
        assertTrue(mkfifo.waitFor(10, TimeUnit.SECONDS));
        refuses(pipe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw----r--", "rw-----w-", "rwx--x---"})
    void refusesAFileThatOthersMayTouch(String mode) throws IOException {
        var path = write(SECRET);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        refuses(path);
    }

    @Test
    @EnabledIf("weAreRoot")
    void refusesAFileOfAnotherUser() throws IOException {
        var path = write(SECRET);
        Files.setAttribute(path, "unix:uid", 12_345);
        refuses(path);
    }

    static boolean weAreRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Test
    void readsTheFileThatWasOpenedThoughAnotherTakesItsPlaceAndLeavesThatOne() throws IOException {
        var path = write(SECRET);
        try (var file = TokenFile.open(path).orElseThrow()) {
            var other = directory.resolve("other");
            Files.writeString(other, "another");
            Files.move(other, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            try (var token = file.read().orElseThrow()) {
                assertEquals(SECRET, new String(token.copy(), StandardCharsets.US_ASCII));
            }
            assertEquals(TokenFile.Removal.REPLACED, file.remove());
        }
        assertEquals("another", Files.readString(path));
    }

    @Test
    void removesTheFileThatWasRead() throws IOException {
        var path = write(SECRET);
        try (var file = TokenFile.open(path).orElseThrow()) {
            assertEquals(TokenFile.Removal.REMOVED, file.remove());
            assertEquals(TokenFile.Removal.GONE, file.remove());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void theTokenIsGoneWithItsEndAndNeverPrinted() throws IOException {
        try (var file = TokenFile.open(write(SECRET)).orElseThrow()) {
            var token = file.read().orElseThrow();
            assertFalse(token.toString().contains(SECRET));
            token.close();
            token.close();
            assertThrows(IllegalStateException.class, token::copy);
        }
    }

    private static String read(Path path) throws IOException {
        try (var file = TokenFile.open(path).orElseThrow();
                var token = file.read().orElseThrow()) {
            return new String(token.copy(), StandardCharsets.US_ASCII);
        }
    }

    private static void refuses(Path path) {
        var e = assertThrows(IOException.class, () -> TokenFile.open(path));
        assertFalse(String.valueOf(e.getMessage()).contains(SECRET));
        assertTrue(Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS));
    }

    private Path write(String content) throws IOException {
        var path = Files.createTempFile(directory, "token", "");
        Files.writeString(path, content, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return path;
    }
}
