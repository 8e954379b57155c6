package io.sallyport.bench.pty;

import io.sallyport.bench.load.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// A subject that runs.
///
/// - **Closes**: its processes, and before that its sandboxes.
interface Started extends Closeable {
    /// The sandbox of the terminals.
    Door door();

    /// The app, in another sandbox.
    Entry app();

    @Override
    void close();

    /// The first processes of the sandboxes, which are nobody's children.
    List<ProcessHandle> sandboxes() throws IOException;
}
