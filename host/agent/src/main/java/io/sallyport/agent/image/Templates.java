package io.sallyport.agent.image;

import io.sallyport.agent.node.Command;
import io.sallyport.rpc.host.HostException;
import io.sallyport.rpc.host.HostException.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/// The templates of this machine: `base`, and what was imported.
///
/// ```
///   templates/NAME/VERSION/…     a root file system, never changed
///   templates/NAME/current  ─▶   the version new sandboxes start from
/// ```
///
/// - **Threads**: any; one import of a name at a time wins, the last.
/// - **Limits**: an import takes at most [#IMPORT_WAIT].
public final class Templates {
    private static final String BASE = "base";
    private static final String CURRENT = "current";
    private static final String PARTIAL = ".partial";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Duration IMPORT_WAIT = Duration.ofMinutes(30);
    private static final Duration REMOVE_WAIT = Duration.ofMinutes(5);
    private static final int MAGIC_BYTES = 6;

    private final Path directory;

    public Templates(Path directory) {
        this.directory = directory;
    }

    /// Makes `base` anew where this machine's programs have changed since it was made.
    public void prepareBase() throws IOException {
        var versions = directory.resolve(BASE);
        Files.createDirectories(versions);
        var base = new BaseTemplate();
        var root = versions.resolve(base.version());
        if (!Files.exists(root)) {
            var partial = versions.resolve(base.version() + PARTIAL);
            remove(partial);
            base.write(partial);
            Files.move(partial, root, StandardCopyOption.ATOMIC_MOVE);
        }
        point(versions, root);
    }

    public Template find(String name) throws HostException {
        var current = directory.resolve(checked(name)).resolve(CURRENT);
        try {
            return new Template(current.toRealPath(), name.equals(BASE));
        } catch (IOException e) {
            throw new HostException(
                    Kind.NO_SUCH_TEMPLATE, "template '" + name + "' not found (there is: " + names() + ")");
        }
    }

    public List<String> names() {
        var names = new TreeSet<String>();
        try (var entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                if (Files.exists(entry.resolve(CURRENT))) {
                    names.add(entry.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(names);
    }

    /// Makes a template of a tar stream, plain or compressed with gzip, xz, bzip2 or zstd. What the name stood for
    /// before stays until [#removeUnused].
    public void importTar(String name, InputStream tar) throws HostException {
        if (checked(name).equals(BASE)) {
            throw new HostException(
                    Kind.BAD_TEMPLATE, "template 'base' is made from this machine (choose another name)");
        }
        var versions = directory.resolve(name);
        var root = versions.resolve(UUID.randomUUID().toString());
        var partial = Path.of(root + PARTIAL);
        try {
            Files.createDirectories(partial);
            extract(name, tar, partial);
            if (!Files.exists(partial.resolve("bin"), LinkOption.NOFOLLOW_LINKS)
                    && !Files.exists(partial.resolve("usr/bin"), LinkOption.NOFOLLOW_LINKS)) {
                throw new HostException(
                        Kind.BAD_TEMPLATE, "template '" + name + "' has no /bin (expected: a root file system)");
            }
            Files.move(partial, root, StandardCopyOption.ATOMIC_MOVE);
            point(versions, root);
        } catch (IOException e) {
            removeQuietly(partial);
            throw new HostException(Kind.FAILED, "import of '" + name + "': " + e.getMessage(), e);
        } catch (HostException e) {
            removeQuietly(partial);
            throw e;
        }
    }

    /// Removes old versions, and what is left of imports that broke off. To be called while nothing else happens.
    ///
    /// @param inUse roots that sandboxes stand on
    public void removeUnused(Set<Path> inUse) throws IOException {
        try (var names = Files.newDirectoryStream(directory)) {
            for (var versions : names) {
                var current = versions.resolve(CURRENT);
                var kept = Files.exists(current) ? current.toRealPath() : versions;
                removeUnused(versions, kept, inUse);
                if (kept.equals(versions)) {
                    Files.deleteIfExists(versions);
                }
            }
        }
    }

    private static void removeUnused(Path versions, Path kept, Set<Path> inUse) throws IOException {
        try (var entries = Files.newDirectoryStream(versions)) {
            for (var entry : entries) {
                boolean version = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                if (version && !entry.toRealPath().equals(kept) && !inUse.contains(entry.toRealPath())) {
                    remove(entry);
                }
            }
        }
    }

    private static void extract(String name, InputStream tar, Path root) throws IOException, HostException {
        var buffered = new BufferedInputStream(tar);
        var command = new ArrayList<>(List.of("tar", "-x", "-p", "--numeric-owner", "--same-owner", "--xattrs"));
        command.addAll(decompression(buffered));
        command.addAll(List.of("-C", root.toString(), "-f", "-"));
        var result = Command.feed(root, IMPORT_WAIT, buffered, command);
        if (!result.ok()) {
            throw new HostException(
                    Kind.BAD_TEMPLATE,
                    "template '" + name + "' is no tar archive this machine can read: "
                            + result.output().strip());
        }
    }

    private static List<String> decompression(BufferedInputStream tar) throws IOException {
        tar.mark(MAGIC_BYTES);
        byte[] magic = tar.readNBytes(MAGIC_BYTES);
        tar.reset();
        if (startsWith(magic, 0x1f, 0x8b)) {
            return List.of("--gzip");
        }
        if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return List.of("--xz");
        }
        if (startsWith(magic, 'B', 'Z', 'h')) {
            return List.of("--bzip2");
        }
        return startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd) ? List.of("--zstd") : List.of();
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        if (bytes.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static void point(Path versions, Path root) throws IOException {
        var next = versions.resolve(CURRENT + "." + UUID.randomUUID());
        Files.createSymbolicLink(next, root.getFileName());
        Files.move(next, versions.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void remove(Path tree) throws IOException {
        Command.require(Path.of("/"), REMOVE_WAIT, List.of("rm", "-rf", "--one-file-system", tree.toString()));
    }

    private static void removeQuietly(Path tree) {
        try {
            remove(tree);
        } catch (IOException e) {
            // The failure that led here is the one to report.
        }
    }

    private static String checked(String name) throws HostException {
        if (!NAME.matcher(name).matches()) {
            throw new HostException(
                    Kind.NO_SUCH_TEMPLATE,
                    "template name '" + name + "' (expected: a-z, 0-9, '.', '_', '-', at most 63)");
        }
        return name;
    }
}
