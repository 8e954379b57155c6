package io.sallyport.relay.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// Writes files so that a reader sees the old content or the new, also after a crash.
final class AtomicFile {
    private static final int WRITABLE_BY_OTHERS = 0022;

    private AtomicFile() {}

    /// @param mode as `ls` writes it: `rw-r--r--`
    static void write(Path file, byte[] content, String mode) throws IOException {
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

    /// Makes sure of a directory that is ours alone to write to.
    static void ownDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        var attributes = Files.readAttributes(directory, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
        boolean ours = Objects.equals(attributes.get("uid"), Native.effectiveUser());
        if (!ours || ((int) Objects.requireNonNull(attributes.get("mode")) & WRITABLE_BY_OTHERS) != 0) {
            throw new IOException(directory + ": others can write to it");
        }
    }
}
