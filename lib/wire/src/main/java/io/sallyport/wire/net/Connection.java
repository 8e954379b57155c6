package io.sallyport.wire.net;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.tls.Role;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Two byte streams, one each way, and the moment at which both are cut.
///
/// - **Threads**: one thread may read while another writes; `deadline`, `shutdownOutput` and `close` from any.
/// - **Errors**: after the deadline every call throws [DeadlinePassedException].
/// - **Closes**: whoever made or accepted it; `close` is idempotent and wakes a blocked read or write.
public interface Connection extends Closeable {
    /// Reads at least one byte, or gives -1 at the end of the peer's stream.
    int read(byte[] into, int offset, int length) throws IOException;

    /// Reads what is there without waiting: 0 where nothing is, -1 at the end of the peer's stream. Must not be
    /// called while another thread reads.
    int readNow(byte[] into, int offset, int length) throws IOException;

    void write(byte[] from, int offset, int length) throws IOException;

    /// Reads into a buffer as into an array. With a direct one the bytes of a plain connection are copied once
    /// less.
    int read(ByteBuffer into) throws IOException;

    /// Writes what is left in a buffer.
    void write(ByteBuffer from) throws IOException;

    /// Sends the end of our stream; the other direction stays open.
    void shutdownOutput() throws IOException;

    /// Replaces the deadline. A connection that still exists then is closed.
    void deadline(Deadline deadline);

    /// The peer's address without a port, for `X-Forwarded-For`; empty where there is none.
    String peerAddress();

    /// What the peer's certificate says it is; empty where it showed none.
    default Optional<Role> peerRole() {
        return Optional.empty();
    }

    /// Closes so that the peer does not take it for the end of our stream, where the transport can say so.
    default void reset() {
        close();
    }

    @Override
    void close();
}
