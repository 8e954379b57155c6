package io.sallyport.egress.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The files of a log: `audit-` and the number of the first line in each, so that the order of names is that of lines.
final class AuditFiles {
    private static final Pattern NAME = Pattern.compile("audit-([0-9]{19})\\.jsonl");
    private static final int BUFFER_BYTES = 64 << 10;

    /// Far more than any line of ours has.
    private static final int LINE_MAX = 64 << 10;

    private AuditFiles() {}

    /// One of them.
    ///
    /// @param firstSeq the number of its first line
    record File(long firstSeq, Path path) implements Comparable<File> {
        @Override
        public int compareTo(File other) {
            return Long.compare(firstSeq, other.firstSeq);
        }
    }

    static File named(Path directory, long firstSeq) {
        return new File(firstSeq, directory.resolve("audit-%019d.jsonl".formatted(firstSeq)));
    }

    /// Oldest first; none where there is no such directory.
    static List<File> in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        var files = new ArrayList<File>();
        try (var listed = Files.newDirectoryStream(directory)) {
            for (var path : listed) {
                var name = NAME.matcher(String.valueOf(path.getFileName()));
                if (name.matches()) {
                    files.add(new File(Long.parseLong(name.group(1)), path));
                }
            }
        }
        Collections.sort(files);
        return files;
    }

    /// Is given one line after the other, without its end, until it says that it has enough.
    interface LineReader {
        boolean line(byte[] line);
    }

    /// Gives every whole line of a file to `reader`, and says how many bytes those were; empty where the reader had
    /// enough.
    static Optional<Long> lines(Path file, LineReader reader) throws IOException {
        long whole = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            var line = new ByteArrayOutputStream(1 << 10);
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c != '\n') {
                    line.write(c);
                    if (line.size() > LINE_MAX) {
                        throw new IOException(file + ": a line of more than " + LINE_MAX + " bytes");
                    }
                    continue;
                }
                whole += line.size() + 1;
                if (!reader.line(line.toByteArray())) {
                    return Optional.empty();
                }
                line.reset();
            }
        }
        return Optional.of(whole);
    }
}
