package io.sallyport.wire.net;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.io.Closeable;

/// What one sandbox may copy while others want to copy too; see [FairShares].
///
/// - **Threads**: any, many at a time.
/// - **Closes**: whoever joined, once its copying is over.
public interface FairShare extends Closeable {
    /// Of nobody, which is not limited: makes way for others between two pieces, and nothing more.
    FairShare FREE = new FairShare() {
        @Override
        public void copied(long bytes) {
            FairThreads.makeWay();
        }

        @Override
        public void close() {
            // Nothing is counted.
        }
    };

    /// That of a sandbox in the lane of the port: the interactive one is not divided.
    static FairShare of(SandboxId sandbox, Port port) {
        return Lane.of(port) == Lane.BULK ? FairShares.BULK.join(sandbox, 1) : FREE;
    }

    /// To be called after each piece that was copied: lets others go first.
    void copied(long bytes);

    @Override
    void close();
}
