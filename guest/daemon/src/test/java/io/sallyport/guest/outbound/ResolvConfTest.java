package io.sallyport.guest.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResolvConfTest {
    @TempDir
    private Path directory;

    private void assertPointsHere(Path file) throws IOException {
        ResolvConf.pointHere(file);
        assertTrue(Files.readString(file).contains("\nnameserver 127.0.0.1\n"));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void writesAFileThatIsMissing() throws IOException {
        assertPointsHere(directory.resolve("resolv.conf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n"})
    void writesOneThatSaysNothing(String content) throws IOException {
        assertPointsHere(Files.writeString(directory.resolve("resolv.conf"), content));
    }

    @Test
    void writesItsOwnAgain() throws IOException {
        var file = directory.resolve("resolv.conf");
        assertPointsHere(file);
        assertPointsHere(file);
    }

    @Test
    void replacesALinkThatLeadsNowhere() throws IOException {
        var file = Files.createSymbolicLink(directory.resolve("resolv.conf"), directory.resolve("absent/stub.conf"));
        assertPointsHere(file);
        assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void leavesWhatSomebodyWrote() throws IOException {
        var file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 10.0.0.1\n");
        ResolvConf.pointHere(file);
        assertEquals("nameserver 10.0.0.1\n", Files.readString(file));
        ResolvConf.pointHere(directory);
        assertTrue(Files.isDirectory(directory));
    }
}
