package io.sallyport.guest.outbound;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Where the C library asks for names.
final class ResolvConf {
    private static final String MARK = "# Sallyport: names are answered inside the sandbox.";
    private static final String CONTENT = MARK + "\nnameserver 127.0.0.1\n";
    private static final int BYTES_MAX = 64 << 10;

    private ResolvConf() {}

    /// Writes the file where it is missing, says nothing, or is ours. A link that leads nowhere is missing.
    static void pointHere(Path file) throws IOException {
        if (Files.exists(file) && !replaceable(file)) {
            return;
        }
        var partial = file.resolveSibling("." + file.getFileName() + ".partial");
        Files.deleteIfExists(partial);
        Files.writeString(partial, CONTENT);
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean replaceable(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var stream = Files.newInputStream(file)) {
            var text = new String(stream.readNBytes(BYTES_MAX), StandardCharsets.ISO_8859_1);
            return text.isBlank() || text.startsWith(MARK);
        }
    }
}
