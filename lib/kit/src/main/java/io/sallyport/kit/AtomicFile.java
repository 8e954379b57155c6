package io.sallyport.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes files so that a reader sees the old content or the new, also after a crash. Two at once for the same file are
/// the caller's to prevent.
public final class AtomicFile {
    /// For secrets.
    public static final String PRIVATE = "rw-------";

    /// For what everybody may read.
    public static final String PUBLIC = "rw-r--r--";

    private AtomicFile() {}

    /// Writes a file, which has its mode before it has its content.
    ///
    /// @param mode as `ls` writes it
    public static void write(Path file, byte[] content, String mode) throws IOException {
        var permissions = PosixFilePermissions.fromString(mode);
        var partial = file.resolveSibling("." + file.getFileName() + ".partial");
        Files.deleteIfExists(partial); // of a start that did not come to its end
        try (var channel = FileChannel.open(
                partial,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions))) {
            Files.setPosixFilePermissions(partial, permissions); // whatever the process' mask
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
