package io.sallyport.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void replacesContentAndMode() throws Exception {
        var file = directory.resolve("file");
        AtomicFile.write(file, bytes("a longer one"), AtomicFile.PUBLIC);
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        AtomicFile.write(file, bytes("other"), AtomicFile.PRIVATE);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertArrayEquals(bytes("other"), Files.readAllBytes(file));
        assertEquals(List.of("file"), names());
    }

    @Test
    void whatACrashLeftBehindIsNoHindranceAndNoWayIn() throws Exception {
        var elsewhere = Files.writeString(directory.resolve("elsewhere"), "untouched");
        Files.createSymbolicLink(directory.resolve(".file.partial"), elsewhere);
        AtomicFile.write(directory.resolve("file"), bytes("new"), AtomicFile.PRIVATE);
        assertEquals("untouched", Files.readString(elsewhere));
        assertEquals("new", Files.readString(directory.resolve("file")));
        assertEquals(2, names().size());
    }

    /// Where the file cannot be put in its place, the old one stays.
    @Test
    void failsWhole() throws Exception {
        var file = Files.createDirectory(directory.resolve("file"));
        Files.writeString(file.resolve("inside"), "kept");
        assertThrows(IOException.class, () -> AtomicFile.write(file, bytes("new"), AtomicFile.PUBLIC));
        assertEquals("kept", Files.readString(file.resolve("inside")));
    }
}
