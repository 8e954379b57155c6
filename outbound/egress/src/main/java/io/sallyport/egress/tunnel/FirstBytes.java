package io.sallyport.egress.tunnel;

import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.Unread;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.tls.ClientHello;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/// What a client says first, read and put back.
///
/// - **Limits**: [#WAIT] until it is whole; [ClientHello#BYTES_MAX].
final class FirstBytes {
    static final Duration WAIT = Duration.ofSeconds(10);
    private static final int BUFFER_MIN_BYTES = 2 << 10;

    private final Connection client;
    private byte[] bytes = new byte[BUFFER_MIN_BYTES];
    private int length;

    private FirstBytes(Connection client) {
        this.client = client;
    }

    /// What was said.
    ///
    /// @param client the connection as it was before
    record Said<T>(T what, Connection client) {}

    /// Reads a ClientHello.
    ///
    /// @throws RefusedException with [EgressReason#NOT_TLS]
    /// @throws EOFException where the client says nothing at all
    static Said<ClientHello.Parsed.Hello> hello(Connection client) throws IOException {
        return new FirstBytes(client).hello();
    }

    /// Reads until it is clear what the client speaks; [Sniff#OTHER] where it stops before.
    static Said<Sniff> sniff(Connection client) throws IOException {
        return new FirstBytes(client).sniff();
    }

    private Said<ClientHello.Parsed.Hello> hello() throws IOException {
        client.deadline(Deadline.after(WAIT));
        try {
            while (more()) {
                switch (ClientHello.parse(bytes, length)) {
                    case ClientHello.Parsed.Hello hello -> {
                        return said(hello);
                    }
                    case ClientHello.Parsed.NotTls(var why) -> throw new RefusedException(EgressReason.NOT_TLS, why);
                    case ClientHello.Parsed.Incomplete incomplete -> {}
                }
            }
        } catch (DeadlinePassedException e) {
            throw new RefusedException(EgressReason.NOT_TLS, "the client does not begin");
        }
        if (length == 0) {
            throw new EOFException("the client said nothing");
        }
        throw new RefusedException(EgressReason.NOT_TLS, "the client stops in the middle");
    }

    private Said<Sniff> sniff() throws IOException {
        client.deadline(Deadline.after(WAIT));
        var found = Sniff.UNDECIDED;
        while (found == Sniff.UNDECIDED && more()) {
            found = Sniff.of(bytes, length);
        }
        return said(found == Sniff.UNDECIDED ? Sniff.OTHER : found);
    }

    private boolean more() throws IOException {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        int n = client.read(bytes, length, bytes.length - length);
        length += Math.max(0, n);
        return n >= 0;
    }

    private <T> Said<T> said(T what) {
        client.deadline(Deadline.NEVER);
        return new Said<>(what, new Unread(client, Arrays.copyOf(bytes, length)));
    }
}
