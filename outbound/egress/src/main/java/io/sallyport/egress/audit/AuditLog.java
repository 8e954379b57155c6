package io.sallyport.egress.audit;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressAudit;
import io.sallyport.rpc.egress.EgressRecord;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The audit log: a chain of JSON lines, see [AuditLine].
///
/// - **Threads**: any; one thread of its own writes, many records at a time when there are many.
/// - **Limits**: [#QUEUE_MAX] records wait; nobody waits longer than [#WRITE_WAIT]. Of what a sandbox is refused, of
///   canaries and of names only as many are written as [Quotas] says, and a record of how many were not once a second.
/// - **Errors**: an [AuditException] when a record is not written by then, and it will not be later either. Whoever
///   asked must then not do what it says.
/// - **Closes**: [#close()] writes what waits.
public final class AuditLog implements Closeable {
    private static final Logger LOG = System.getLogger(AuditLog.class.getName());
    static final int QUEUE_MAX = 4_096;
    static final Duration WRITE_WAIT = Duration.ofSeconds(5);
    private static final int BATCH_MAX = 256;
    private static final Duration SYNC_EVERY = Duration.ofSeconds(1);

    /// In place of the number of a record that is only counted.
    static final long COUNTED = 0;

    private final Path directory;
    private final AuditWriter writer;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;
    private final Quotas quotas = new Quotas();
    private volatile boolean closed;

    private AuditLog(Path directory, AuditWriter writer) {
        this.directory = directory;
        this.writer = writer;
        this.thread = Thread.ofPlatform().daemon().name("egress-audit").unstarted(this::run);
    }

    /// How much is kept.
    ///
    /// @param fileBytes at which a file is full
    /// @param files kept, the one that is written included
    public record Kept(long fileBytes, int files) {
        public static final Kept DEFAULT = new Kept(32 << 20, 32);
    }

    private record Entry(Draft draft, CompletableFuture<Long> written) {}

    /// Opens the log of a directory, which is made where there is none.
    public static AuditLog open(Path directory, Kept kept) throws IOException {
        return open(directory, kept, AuditWriter.Output.PLAIN);
    }

    static AuditLog open(Path directory, Kept kept, AuditWriter.Output output) throws IOException {
        var writer = new AuditWriter(directory, kept, output);
        writer.open();
        var log = new AuditLog(directory, writer);
        log.thread.start();
        return log;
    }

    /// Writes a record, and gives its number once it is in the file; [#COUNTED] where there are too many like it.
    public long append(Draft draft) throws AuditException {
        if (!closed && !quotas.mayWrite(draft)) {
            return COUNTED;
        }
        var deadline = Deadline.after(WRITE_WAIT);
        var entry = new Entry(draft, new CompletableFuture<>());
        try {
            if (closed || !queue.offer(entry, WRITE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AuditException(
                        closed ? "the audit log is closed" : "the audit log is not written fast enough");
            }
            return entry.written().get(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw withdrawn(entry, "interrupted");
        } catch (TimeoutException e) {
            throw withdrawn(entry, "not written within " + WRITE_WAIT);
        } catch (ExecutionException e) {
            throw withdrawn(entry, String.valueOf(e.getCause()));
        }
    }

    private static AuditException withdrawn(Entry entry, String why) {
        entry.written().cancel(false);
        return new AuditException("audit log: " + why);
    }

    /// Writes a record of something that has happened already and cannot be refused any more.
    public void note(Draft draft) {
        try {
            append(draft);
        } catch (AuditException e) {
            LOG.log(Level.ERROR, "a record is lost: {0}", e.getMessage());
        }
    }

    /// The same, for how something ended that was allowed: waits only for a place in the queue.
    public void ended(Draft draft) {
        if (!closed && !quotas.mayWrite(draft)) {
            return;
        }
        var entry = new Entry(draft, new CompletableFuture<>());
        try {
            if (closed || !queue.offer(entry, WRITE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.ERROR, "a record is lost: the audit log is closed, or not written fast enough");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.log(Level.ERROR, "a record is lost: interrupted");
        }
    }

    private void run() {
        var batch = new ArrayList<Entry>();
        long syncAt = System.nanoTime();
        boolean dirty = false;
        while (!closed || !queue.isEmpty()) {
            try {
                var first = queue.poll(SYNC_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH_MAX - 1);
                    write(batch);
                    batch.clear();
                    dirty = true;
                }
                if (System.nanoTime() - syncAt >= SYNC_EVERY.toNanos()) {
                    summarise();
                    if (dirty) {
                        writer.sync();
                    }
                    dirty = false;
                    syncAt = System.nanoTime();
                }
            } catch (InterruptedException e) {
                // Nobody interrupts this thread: that would close the file under it.
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "audit log: {0}", e.toString());
            }
        }
        summarise();
        writer.close();
    }

    private void summarise() {
        quotas.summarise((sandbox, counted) -> {
            try {
                writer.write(List.of(Draft.counted(sandbox, counted)));
                return true;
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "audit log: {0}", e.toString());
                return false; // and is tried again
            }
        });
    }

    private void write(List<Entry> batch) {
        batch.removeIf(entry -> entry.written().isDone()); // withdrawn
        if (batch.isEmpty()) {
            return;
        }
        try {
            writer.write(batch.stream().map(Entry::draft).toList());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "audit log: {0}", e.toString());
            batch.forEach(entry -> entry.written().completeExceptionally(e));
            return;
        }
        long seq = writer.seq() - batch.size();
        for (var entry : batch) {
            seq++;
            entry.written().complete(seq);
        }
    }

    /// See [EgressAudit#read]. Reads the files behind `afterSeq` from their beginning.
    public List<EgressRecord> read(SandboxId sandbox, long afterSeq, int max) throws IOException {
        var found = new ArrayList<EgressRecord>();
        int wanted = Math.min(max, EgressAudit.READ_MAX);
        byte[] name = sandbox.text().getBytes(StandardCharsets.US_ASCII);
        var files = AuditFiles.in(directory);
        for (int i = 0; i < files.size() && found.size() < wanted; i++) {
            boolean before = i + 1 < files.size() && files.get(i + 1).firstSeq() <= afterSeq + 1;
            if (!before) {
                var _ = AuditFiles.lines(files.get(i).path(), line -> {
                    if (contains(line, name)) {
                        AuditLine.read(line)
                                .filter(record -> record.seq() > afterSeq
                                        && record.sandbox().equals(sandbox.text()))
                                .ifPresent(found::add);
                    }
                    return found.size() < wanted;
                });
            }
        }
        return found;
    }

    private static boolean contains(byte[] line, byte[] name) {
        for (int i = 0; i + name.length <= line.length; i++) {
            int n = 0;
            while (n < name.length && line[i + n] == name[n]) {
                n++;
            }
            if (n == name.length) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        closed = true;
        var _ = queue.offer(
                new Entry(Draft.torn(), CompletableFuture.completedFuture(0L))); // wakes, and is not written
        try {
            thread.join(WRITE_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
