package io.sallyport.egress.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Says whether a log is as it was written.
///
/// Finds a line that was changed, left out, added or moved. Does not find that the last lines, or the first files
/// as a whole, are missing: the log alone cannot tell that from a log that was not written further, or
/// whose old files were cleared away.
public final class AuditVerify {
    private final Path directory;
    private String prev = "";
    private long seq;
    private long lines;
    private Optional<BadLine> bad = Optional.empty();

    private AuditVerify(Path directory) {
        this.directory = directory;
    }

    /// What was found.
    ///
    /// @param lines that are good
    public record Verified(long lines, Optional<BadLine> bad) {
        public boolean good() {
            return bad.isEmpty();
        }
    }

    /// The first line that is not as it was written.
    ///
    /// @param line its number in the file, from 1
    public record BadLine(Path file, long line, String what) {}

    public static Verified verify(Path directory) throws IOException {
        return new AuditVerify(directory).run();
    }

    private Verified run() throws IOException {
        for (var file : AuditFiles.in(directory)) {
            if (lines > 0 && file.firstSeq() != seq + 1) {
                bad = Optional.of(new BadLine(file.path(), 1, "the file before it ends with line " + seq));
            } else {
                one(file);
            }
            if (bad.isPresent()) {
                break;
            }
        }
        return new Verified(lines, bad);
    }

    private void one(AuditFiles.File file) throws IOException {
        long[] number = {0};
        var _ = AuditFiles.lines(file.path(), line -> {
            number[0]++;
            var what = check(line);
            if (!what.isEmpty()) {
                bad = Optional.of(new BadLine(file.path(), number[0], what));
                return false;
            }
            lines++;
            return true;
        });
    }

    /// What is wrong with the line that comes next; empty where nothing is.
    private String check(byte[] line) {
        var read = AuditLine.read(line);
        if (read.isEmpty()) {
            return "its hash is not that of its content";
        }
        var record = read.get();
        if (lines > 0 && record.seq() != seq + 1) {
            return "its number is " + record.seq() + " (expected: " + (seq + 1) + ")";
        }
        if (lines > 0 && !record.prev().equals(prev)) {
            return "it does not follow the line before";
        }
        seq = record.seq();
        prev = record.hash();
        return "";
    }
}
