package io.sallyport.egress.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The end of the log, where lines are added.
///
/// - **Threads**: one.
/// - **Limits**: a full file is closed and another begun; of too many the oldest are deleted; see [AuditLog.Kept].
/// - **Errors**: where a write fails nothing of it stays, and the next one tries anew from where the log was.
/// - **Crash**: what a process wrote stays written when it is killed; a line that was cut off by more than that is
///   taken away at the next start, and the log says so.
final class AuditWriter implements Closeable {
    private static final Logger LOG = System.getLogger(AuditWriter.class.getName());

    private final Path directory;
    private final AuditLog.Kept kept;
    private final Output output;
    private @Nullable FileChannel file;
    private long length;
    private long seq;
    private String prev = "";
    private boolean torn;

    /// Puts all of some bytes at the end of a file.
    interface Output {
        Output PLAIN = (channel, bytes) -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        };

        void write(FileChannel channel, ByteBuffer bytes) throws IOException;
    }

    AuditWriter(Path directory, AuditLog.Kept kept, Output output) {
        this.directory = directory;
        this.kept = kept;
        this.output = output;
    }

    /// Makes the directory, and finds the end of what is there.
    void open() throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var files = AuditFiles.in(directory);
        if (files.isEmpty()) {
            file = begin();
            return;
        }
        var last = files.getLast();
        seq = last.firstSeq() - 1;
        for (int i = files.size() - 2; i >= 0 && prev.isEmpty(); i--) {
            var _ = AuditFiles.lines(files.get(i).path(), this::seen); // a new file may have no line of its own yet
        }
        long whole = AuditFiles.lines(last.path(), this::seen).orElseThrow();
        var channel = FileChannel.open(last.path(), StandardOpenOption.WRITE);
        file = channel;
        length = channel.size();
        if (length > whole) {
            LOG.log(Level.WARNING, "{0}: the last line was cut off, and is taken away", last.path());
            torn = true;
            channel.truncate(whole);
            length = whole;
        }
        channel.position(length);
    }

    private boolean seen(byte[] line) {
        AuditLine.read(line).ifPresent(record -> {
            seq = record.seq();
            prev = record.hash();
        });
        return true;
    }

    long seq() {
        return seq;
    }

    /// Writes the records as the next lines, all or none.
    void write(List<Draft> drafts) throws IOException {
        var channel = file == null ? reopened() : file;
        var chain = new Chain(seq, prev);
        if (torn) {
            chain.add(Draft.torn());
        }
        drafts.forEach(chain::add);
        try {
            output.write(channel, ByteBuffer.wrap(chain.bytes()));
        } catch (IOException e) {
            takeBack(channel);
            throw e;
        }
        torn = false;
        length += chain.size();
        seq = chain.seq();
        prev = chain.prev();
        if (length >= kept.fileBytes()) {
            rotate();
        }
    }

    private void takeBack(FileChannel channel) {
        try {
            channel.truncate(length);
            channel.position(length);
        } catch (IOException e) {
            file = null;
            close(channel);
        }
    }

    private FileChannel reopened() throws IOException {
        prev = "";
        open();
        var channel = file;
        if (channel == null) {
            throw new IOException(directory + ": no file of the log can be opened");
        }
        return channel;
    }

    private FileChannel begin() throws IOException {
        var path = AuditFiles.named(directory, seq + 1).path();
        var channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        length = channel.size();
        channel.position(length);
        return channel;
    }

    private void rotate() {
        try {
            var next = begin();
            sync();
            close(file);
            file = next;
            var files = AuditFiles.in(directory);
            for (var old : files.subList(0, Math.max(0, files.size() - kept.files()))) {
                Files.deleteIfExists(old.path());
            }
        } catch (IOException e) { // the file is too long then, and the next write tries again
            LOG.log(Level.WARNING, "{0}: no new file: {1}", directory, e.toString());
        }
    }

    /// Has the system write down what it keeps.
    void sync() throws IOException {
        if (file != null) {
            file.force(false);
        }
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "closing a file of the audit log: {0}", e.toString());
        }
    }

    @Override
    public void close() {
        close(file);
        file = null;
    }

    /// Lines that follow one another.
    private static final class Chain {
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream(1 << 10);
        private final String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        private long seq;
        private String prev;

        Chain(long seq, String prev) {
            this.seq = seq;
            this.prev = prev;
        }

        void add(Draft draft) {
            seq++;
            var line = AuditLine.seal(draft.placed(time, seq, prev));
            lines.writeBytes(line.bytes());
            prev = line.hash();
        }

        byte[] bytes() {
            return lines.toByteArray();
        }

        int size() {
            return lines.size();
        }

        long seq() {
            return seq;
        }

        String prev() {
            return prev;
        }
    }
}
