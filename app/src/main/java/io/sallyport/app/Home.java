package io.sallyport.app;

import io.sallyport.kit.AtomicFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/// The directory with all state, held by one platform at a time.
///
/// - **Closes**: the platform, last.
final class Home implements Closeable {
    private static final int KEY_BYTES = 32;

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;

    private Home(Path directory, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Another platform has it.
    static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        InUseException(Path home) {
            super(home + " is in use by another sallyport up (stop that one, or choose another --home)");
        }
    }

    static Home open(Path directory) throws IOException {
        Files.createDirectories(directory);
        var file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            var lock = file.tryLock();
            if (lock != null) {
                return new Home(directory, file, lock);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
        }
        file.close();
        throw new InUseException(directory);
    }

    Path agent() {
        return directory.resolve("agent");
    }

    static Path accessLog(Path directory) {
        return directory.resolve("access.log");
    }

    Path database() {
        return directory.resolve("database");
    }

    /// What sandbox tokens are derived from; made the first time.
    byte[] tokenSeed() throws IOException {
        return madeOnce("token-seed");
    }

    /// What secrets are sealed with; made the first time. Whoever loses it loses the secrets.
    byte[] secretsKey() throws IOException {
        return madeOnce("secrets-key");
    }

    private byte[] madeOnce(String name) throws IOException {
        var file = directory.resolve(name);
        if (!Files.exists(file)) {
            var key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            AtomicFile.write(file, key, AtomicFile.PRIVATE);
        }
        return Files.readAllBytes(file);
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }
}
