package io.sallyport.wire.http1;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The client side of one connection: one request after the other, the answer read while the request is still
/// written.
///
/// - **Threads**: one thread writes requests, one reads responses; they may differ.
/// - **Limits**: those of [HttpLimits] for the response head.
/// - **Closes**: the owner of the connection, or [#close()].
public final class HttpClient {
    private static final Duration RESET_WAIT = Duration.ofMillis(10);
    private static final byte[] EMPTY_LINE = {'\r', '\n'};

    private final Connection connection;
    private final WireInput input;

    public HttpClient(Connection connection, HttpLimits limits) {
        this.connection = connection;
        this.input = new WireInput(connection, limits);
    }

    /// Starts a request; the caller writes and closes the body.
    public BodyOutput send(RequestHead request, Framing framing) {
        return new BodyOutput(connection, HeadWriter.request(request, framing), framing, null);
    }

    /// The next response head, interim ones included.
    public ResponseHead readHead() throws IOException {
        return input.readResponse();
    }

    /// Waits for the answer and says whether it is plainly no HTTP. What only begins oddly is not: somebody on
    /// the way could still take it for HTTP. Nor is the end of the stream, which [#readHead()] tells better.
    public boolean answersWithoutHttp() throws IOException {
        if (!input.awaitByte()) {
            return false;
        }
        int first = input.peek(1)[0] & 0xff;
        return first > ' ' && first != 'H' && first != 'h';
    }

    public BodyInput body(Framing framing) {
        return new BodyInput(input, framing);
    }

    /// The first bytes behind the head, as they are on the wire; the body still begins with them. At least
    /// `wanted`, fewer only where the stream ends before.
    public byte[] peek(int wanted) throws IOException {
        return input.peek(wanted);
    }

    /// Bytes received and not consumed.
    public int buffered() {
        return input.buffered();
    }

    /// Whether the server has said nothing since the last answer, and has not gone away either.
    public boolean quiet() {
        try {
            return input.buffered() == 0 && connection.readNow(new byte[1], 0, 1) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether the server, whose stream has ended, has refused what was sent last. Where it closed on bytes it
    /// had not read, a reset follows the end of its stream, and the connection takes nothing more. Where it had
    /// read them, an empty line says nothing to anybody.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc9112 RFC 9112 §2.2
    public boolean refusedTheLast() {
        LockSupport.parkNanos(RESET_WAIT.toNanos());
        try {
            connection.write(EMPTY_LINE, 0, EMPTY_LINE.length);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// See [Connection#deadline].
    public void deadline(Deadline deadline) {
        connection.deadline(deadline);
    }

    /// The connection behind a 101 or a 2xx to CONNECT; this client must not be used afterwards.
    public Connection takeOver() {
        return input.rest();
    }

    public void close() {
        connection.close();
    }
}
