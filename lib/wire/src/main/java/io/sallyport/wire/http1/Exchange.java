package io.sallyport.wire.http1;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Lane;
import io.sallyport.wire.tls.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One request on the server side and its answer.
///
/// - **Threads**: the body may be read on one thread while the answer is written on another; nothing else is
///   shared.
/// - **Closes**: [HttpServer] ends the exchange when the handler returns.
public final class Exchange {
    /// How long one write may wait for a client that does not read.
    public static final Duration WRITE_WAIT = Duration.ofMinutes(5);

    private final Connection connection;
    private final WireInput input;
    private final RequestHead request;
    private final BooleanSupplier draining;
    private final Framing requestFraming;
    private final BodyInput requestBody;
    private @Nullable BodyOutput responseBody;
    private @Nullable CompletableFuture<Boolean> nextByte;
    private boolean closeAfter;
    private boolean takenOver;

    Exchange(Connection connection, WireInput input, RequestHead request, BooleanSupplier draining)
            throws BadMessageException {
        this.connection = connection;
        this.input = input;
        this.request = request;
        this.draining = draining;
        this.requestFraming = Framing.of(request);
        this.requestBody = new BodyInput(input, requestFraming);
        this.closeAfter = !request.keepsAlive();
    }

    public RequestHead request() {
        return request;
    }

    public Framing requestFraming() {
        return requestFraming;
    }

    public BodyInput requestBody() {
        return requestBody;
    }

    /// The peer's address without a port.
    public String peerAddress() {
        return connection.peerAddress();
    }

    /// See [Connection#peerRole()].
    public Optional<Role> peerRole() {
        return connection.peerRole();
    }

    /// The moment at which the connection is cut, whatever it is doing.
    public void deadline(Deadline deadline) {
        connection.deadline(deadline);
    }

    /// Asks a client that waits for it (`Expect: 100-continue`) to send its body.
    public void sendContinue() throws IOException {
        if (request.version() == HttpVersion.HTTP_1_1 && request.headers().lists("Expect", "100-continue")) {
            interim(ResponseHead.of(100, Headers.EMPTY));
        }
    }

    /// Sends a 1xx head; the answer still has to follow.
    public void interim(ResponseHead head) throws IOException {
        if (request.version() == HttpVersion.HTTP_1_1) {
            new BodyOutput(connection, HeadWriter.response(head, Framing.NONE), Framing.NONE, WRITE_WAIT).close();
        }
    }

    /// Starts the answer; the caller writes and closes the body. Towards an HTTP/1.0 client a chunked body is
    /// sent until close.
    public BodyOutput respond(ResponseHead head, Framing framing) {
        var framed = framing instanceof Framing.Chunked && request.version() == HttpVersion.HTTP_1_0
                ? Framing.UNTIL_CLOSE
                : framing;
        closeAfter |= framed instanceof Framing.UntilClose || unreadIsLarge() || draining.getAsBoolean();
        var headers = closeAfter ? head.headers().with("Connection", "close") : head.headers();
        var body =
                new BodyOutput(connection, HeadWriter.response(head.withHeaders(headers), framed), framed, WRITE_WAIT);
        responseBody = body;
        return body;
    }

    /// More of the body is unread than is read away to keep the connection.
    private boolean unreadIsLarge() {
        return requestFraming instanceof Framing.Length(long bytes)
                && !requestBody.ended()
                && bytes > HttpServer.DRAIN_BYTES_MAX;
    }

    /// Sends a whole answer.
    public void respond(int status, Headers headers, byte[] content) throws IOException {
        boolean bodiless = status == 204 || status == 304;
        if (request.method().equals("HEAD")) {
            var described = headers.with("Content-Length", Integer.toString(content.length));
            respond(ResponseHead.of(status, bodiless ? headers : described), Framing.NONE)
                    .close();
            return;
        }
        var framing = bodiless ? Framing.NONE : new Framing.Length(content.length);
        try (var body = respond(ResponseHead.of(status, headers), framing)) {
            body.write(content);
        }
    }

    /// Sends `{"code":status,"message":message}`.
    public void refuse(int status, String message) throws IOException {
        respond(status, Headers.of("Content-Type", "application/json"), errorJson(status, message));
    }

    static byte[] errorJson(int status, String message) {
        var escaped = new StringBuilder();
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append(' ');
            } else {
                escaped.append(c);
            }
        }
        return ("{\"code\":" + status + ",\"message\":\"" + escaped + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /// Answers with `head` as the last HTTP on this connection (101, or a 2xx to CONNECT) and gives the
    /// connection, which the caller must close.
    public Connection takeOver(ResponseHead head) throws IOException {
        var bytes = HeadWriter.response(head, Framing.NONE);
        connection.write(bytes, 0, bytes.length);
        takenOver = true;
        return input.rest();
    }

    /// Gives the connection without an answer of ours: what the app said to an upgrade was no HTTP. The caller
    /// must close it.
    public Connection takeOver() {
        takenOver = true;
        return input.rest();
    }

    /// Whether the answer has been written to its end.
    public boolean complete() {
        return responseBody != null && responseBody.ended();
    }

    /// Closes the connection after this exchange.
    public void closeAfter() {
        closeAfter = true;
    }

    /// Calls `onGone` when the client ends its stream or breaks off while the answer is still written.
    ///
    /// To be called at most once, when the whole request body has been read: what is waited for is the first
    /// byte of the next request, and [HttpServer] goes on from there.
    public void watchClient(Runnable onGone) {
        var found = new CompletableFuture<Boolean>();
        nextByte = found;
        var _ = Lane.fork("client-watch", () -> {
            boolean more = false;
            try {
                more = input.awaitByte();
            } catch (IOException e) {
                // It is gone, which is said below.
            } finally {
                if (!more) {
                    onGone.run();
                }
                found.complete(more);
            }
        });
    }

    /// Waits for the first byte of the next request; false at the end of the stream.
    boolean awaitNext() throws IOException {
        return nextByte == null ? input.awaitByte() : nextByte.join();
    }

    /// Cuts the connection now: whoever waits on it is woken, and nothing more is said to the client.
    public void abort() {
        closeAfter = true;
        connection.close();
    }

    boolean watched() {
        return nextByte != null;
    }

    boolean takenOver() {
        return takenOver;
    }

    boolean responded() {
        return responseBody != null || takenOver;
    }

    /// Whether the answer is complete and the connection can carry another request once the request body is
    /// read.
    boolean reusable() {
        return !closeAfter && complete();
    }
}
