package io.sallyport.gateway.seen;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Appends a line for each exchange to a file. Nobody waits for the disk: lines that do not fit the queue are
/// counted and lost.
///
/// - **Threads**: any; one platform thread writes.
/// - **Limits**: [#QUEUE_LINES_MAX] lines on their way; a file of [#FILE_BYTES_MAX], then one older is kept
///   beside it.
/// - **Closes**: [#close()] writes what is queued.
public final class AccessLog implements Closeable {
    private static final Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final int QUEUE_LINES_MAX = 16_384;
    private static final long FILE_BYTES_MAX = 256L << 20;
    private static final int BATCH_CHARS = 64 << 10;
    private static final long POLL_MS = 200;
    private static final long END_WAIT_MS = 2_000;

    private final Path file;
    private final BlockingQueue<Passage> queue = new ArrayBlockingQueue<>(QUEUE_LINES_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer;
    private OutputStream out;
    private long written;
    private volatile boolean closed;

    private AccessLog(Path file) throws IOException {
        this.file = file;
        this.out = append(file);
        this.written = Files.size(file);
        this.writer = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
    }

    public static AccessLog open(Path file) throws IOException {
        var log = new AccessLog(file);
        log.writer.start();
        return log;
    }

    private static OutputStream append(Path file) throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// Takes an exchange that has ended.
    public void add(Passage ended) {
        if (!queue.offer(ended)) {
            lost.incrementAndGet();
        }
    }

    /// Lines that did not fit.
    public long lost() {
        return lost.get();
    }

    private void run() {
        var lines = new StringBuilder();
        while (!closed || !queue.isEmpty()) {
            try {
                var first = queue.poll(POLL_MS, TimeUnit.MILLISECONDS);
                for (var next = first; next != null; next = lines.length() < BATCH_CHARS ? queue.poll() : null) {
                    lines.append(AccessLine.of(next));
                }
                write(lines.toString());
            } catch (IOException | RuntimeException | OutOfMemoryError e) { // the log must outlive whatever it logs
                LOG.log(Level.WARNING, "access log {0}: {1}", file, e.getMessage());
            } catch (InterruptedException e) {
                return;
            } finally {
                lines.setLength(0);
            }
        }
    }

    private void write(String lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        byte[] bytes = lines.getBytes(StandardCharsets.US_ASCII);
        out.write(bytes);
        written += bytes.length;
        if (written > FILE_BYTES_MAX) {
            out.close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            out = append(file);
            written = 0;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join(END_WAIT_MS);
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "access log {0}: {1}", file, e.getMessage());
        }
    }
}
