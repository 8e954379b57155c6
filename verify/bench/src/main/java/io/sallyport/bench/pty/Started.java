package io.sallyport.bench.pty;

import io.sallyport.bench.load.Entry;
import java.io.Closeable;

/// A subject that runs.
///
/// - **Closes**: its processes and what they have made.
interface Started extends Closeable {
    /// The sandbox of the terminals.
    Door door();

    /// The app, in another sandbox.
    Entry app();
}
