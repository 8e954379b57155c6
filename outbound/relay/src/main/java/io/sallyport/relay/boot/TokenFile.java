package io.sallyport.relay.boot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The file that the session token comes in. It stays open until [#close()], so that its inode is not given to
/// another file before [#remove()] has looked.
///
/// - **Limits**: a regular file of ours that nobody else may read, of 1 to [#BYTES_MAX] bytes.
/// - **Closes**: whoever opened it.
final class TokenFile implements Closeable {
    static final int BYTES_MAX = 4096;

    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int OTHERS = 0077;
    private static final int DELETE = 0x7f;

    /// What became of the file at the path.
    enum Removal {
        REMOVED,
        /// Somebody else had removed it.
        GONE,
        /// Another one has taken its place, and stays.
        REPLACED
    }

    /// What the kernel knows a file by.
    private record Inode(Object device, Object number) {
        static Inode of(Map<String, Object> attributes) {
            return new Inode(
                    Objects.requireNonNull(attributes.get("dev")), Objects.requireNonNull(attributes.get("ino")));
        }
    }

    private final Path path;
    private final int fd;
    private final Inode inode;
    private boolean closed;

    private TokenFile(Path path, int fd, Inode inode) {
        this.path = path;
        this.fd = fd;
        this.inode = inode;
    }

    /// Opens the file; empty where there is none. What may not be believed is an error that names the reason and
    /// never the content.
    static Optional<TokenFile> open(Path path) throws IOException {
        int fd;
        try {
            fd = Native.open(path);
        } catch (ErrnoException e) {
            if (e.errno() == Native.ENOENT) {
                return Optional.empty();
            }
            throw e.errno() == Native.ELOOP ? new IOException(path + ": a symbolic link (expected: a file)") : e;
        }
        try {
            var attributes = Files.readAttributes(Path.of("/proc/self/fd/" + fd), "unix:mode,uid,ino,dev,size");
            check(path, attributes);
            return Optional.of(new TokenFile(path, fd, Inode.of(attributes)));
        } catch (IOException | RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    private static void check(Path path, Map<String, Object> attributes) throws IOException {
        int mode = (int) Objects.requireNonNull(attributes.get("mode"));
        if ((mode & TYPE) != REGULAR) {
            throw new IOException(path + ": not a regular file");
        }
        if (!Objects.equals(attributes.get("uid"), Native.effectiveUser())) {
            throw new IOException(path + ": belongs to user " + attributes.get("uid") + " (expected: to us)");
        }
        if ((mode & OTHERS) != 0) {
            throw new IOException(path + ": mode " + Integer.toOctalString(mode & 07777) + " (expected: 600)");
        }
        if ((long) Objects.requireNonNull(attributes.get("size")) > BYTES_MAX) {
            throw new IOException(path + ": longer than " + BYTES_MAX + " bytes");
        }
    }

    /// The token, without blanks around it; empty where nothing else is in the file. To be called once.
    Optional<Token> read() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(BYTES_MAX + 1L);
            int length = Native.read(fd, buffer);
            try {
                if (length > BYTES_MAX) {
                    throw new IOException(path + ": longer than " + BYTES_MAX + " bytes");
                }
                var trimmed = trim(buffer.asSlice(0, length));
                if (trimmed.byteSize() == 0) {
                    return Optional.empty();
                }
                checkCharacters(trimmed);
                return Optional.of(new Token(trimmed));
            } finally {
                buffer.fill((byte) 0);
            }
        }
    }

    private static MemorySegment trim(MemorySegment text) {
        long from = 0;
        long to = text.byteSize();
        while (from < to && blank(text.get(JAVA_BYTE, from))) {
            from++;
        }
        while (to > from && blank(text.get(JAVA_BYTE, to - 1))) {
            to--;
        }
        return text.asSlice(from, to - from);
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /// It becomes part of a header.
    private void checkCharacters(MemorySegment token) throws IOException {
        for (long i = 0; i < token.byteSize(); i++) {
            int c = token.get(JAVA_BYTE, i);
            if (c <= ' ' || c >= DELETE) {
                throw new IOException(path + ": byte " + i + " of the token is no visible ASCII character");
            }
        }
    }

    /// Deletes the file at the path where it is still the one that was opened.
    Removal remove() throws IOException {
        try {
            var there = Inode.of(Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS));
            if (!there.equals(inode)) {
                return Removal.REPLACED;
            }
            Files.delete(path);
            return Removal.REMOVED;
        } catch (NoSuchFileException e) {
            return Removal.GONE;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.close(fd);
        }
    }
}
