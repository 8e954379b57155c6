package io.sallyport.bench.pty;

import io.sallyport.bench.Choice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Whose terminals are measured.
enum PtySubject {
    /// Everything in one process.
    SALLYPORT,
    /// Gateway and agent in processes of their own, mutual TLS between them.
    SALLYPORT_APART,
    /// The forerunner's way: terminals and previews on one HTTP/2 connection.
    SHARED_TRANSPORT;

    /// In keys: lower case and underscores.
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Starts it.
    ///
    /// @param directory empty, for its own files
    /// @param program the Go program
    Started start(Path directory, Path program) throws IOException {
        return switch (this) {
            case SALLYPORT -> Platform.start(false, directory, program);
            case SALLYPORT_APART -> Platform.start(true, directory, program);
            case SHARED_TRANSPORT -> SharedTransport.start(directory, program);
        };
    }

    /// Those of these names, all when none is given.
    ///
    /// @throws IllegalArgumentException for a name that is none
    static List<PtySubject> named(List<String> names) {
        return Choice.of("--subjects", List.of(values()), PtySubject::key, names);
    }
}
