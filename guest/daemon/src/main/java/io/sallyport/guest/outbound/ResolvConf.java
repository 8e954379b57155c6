package io.sallyport.guest.outbound;

import io.sallyport.kit.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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
        AtomicFile.write(file, CONTENT.getBytes(StandardCharsets.US_ASCII), AtomicFile.PUBLIC);
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
