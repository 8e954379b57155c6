package io.sallyport.agent.image;

import io.sallyport.agent.node.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The guest image on this machine: one copy for all sandboxes, named by its content.
///
/// Sandboxes stand on the copy and not on what was built, so building or installing a new version does not pull the
/// ground from under those that run.
public final class GuestImage {
    private static final Duration COPY_WAIT = Duration.ofMinutes(2);

    /// Made last by the build, from everything else: it differs when anything does.
    private static final String CACHE = "guest.aot";

    private GuestImage() {}

    /// Copies the built image into `directory`, unless it is there, and gives the copy.
    public static Path install(Path built, Path directory) throws IOException {
        Files.createDirectories(directory);
        var image = directory.resolve(hash(built.resolve(CACHE)));
        if (!Files.exists(image)) {
            var partial = Path.of(image + ".partial");
            Command.require(Path.of("/"), COPY_WAIT, List.of("rm", "-rf", partial.toString()));
            // The times of the jars must stay: the cache is only believed with them.
            Command.require(
                    Path.of("/"),
                    COPY_WAIT,
                    List.of("cp", "-r", "--preserve=mode,timestamps,links", built.toString(), partial.toString()));
            Files.move(partial, image, StandardCopyOption.ATOMIC_MOVE);
        }
        return image;
    }

    /// Removes the copies no sandbox stands on, but for the newest.
    public static void removeUnused(Path directory, Path newest, Set<Path> inUse) throws IOException {
        try (var images = Files.newDirectoryStream(directory)) {
            for (var image : images) {
                if (!image.equals(newest) && !inUse.contains(image.toRealPath())) {
                    Command.require(Path.of("/"), COPY_WAIT, List.of("rm", "-rf", image.toString()));
                }
            }
        }
    }

    private static String hash(Path file) throws IOException {
        try (var stream = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            stream.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(stream.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
