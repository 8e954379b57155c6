package io.sallyport.egress.tunnel;

import io.sallyport.egress.tunnel.ConnectHead.Parsed;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.Unread;
import io.sallyport.wire.net.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/// Reads a tunnel's head; what came behind it belongs to the tunnel.
final class TunnelHead {
    static final Duration WAIT = Duration.ofSeconds(10);

    private TunnelHead() {}

    sealed interface Read {
        /// A tunnel that may be decided about.
        ///
        /// @param rest the tunnel behind its head
        record Good(ConnectHead head, Connection rest) implements Read {}

        record Bad(EgressReason reason, String what) implements Read {}
    }

    /// Reads it.
    ///
    /// @param atOnce whether the first message must hold all of it, as v1 has it
    static Read read(Connection stream, boolean atOnce) throws IOException {
        var bytes = new byte[EgressApi.HEAD_BYTES_MAX];
        int length = 0;
        stream.deadline(Deadline.after(WAIT));
        while (true) {
            int n = stream.read(bytes, length, bytes.length - length);
            if (n < 0) {
                throw new EOFException("the stream ended before its head");
            }
            length += n;
            switch (ConnectHead.parse(bytes, length)) {
                case Parsed.Whole(var head, int end) -> {
                    stream.deadline(Deadline.NEVER);
                    return new Read.Good(head, new Unread(stream, Arrays.copyOfRange(bytes, end, length)));
                }
                case Parsed.Bad(var reason, var what) -> {
                    return new Read.Bad(reason, what);
                }
                case Parsed.Incomplete incomplete -> {
                    if (atOnce) {
                        return new Read.Bad(EgressReason.BAD_REQUEST, "the head is not whole in the first message");
                    }
                }
            }
        }
    }
}
