package io.sallyport.relay.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/// A directory that nobody else can write to.
final class OwnDirectory {
    private static final int WRITABLE_BY_OTHERS = 0022;

    private OwnDirectory() {}

    /// Makes it where it is missing.
    ///
    /// @throws IOException where others can write to it
    static void ensure(Path directory) throws IOException {
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
