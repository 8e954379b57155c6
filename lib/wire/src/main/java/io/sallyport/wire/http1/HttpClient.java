package io.sallyport.wire.http1;

import io.sallyport.wire.net.Connection;
import java.io.IOException;

/// The client side of one connection: one request after the other, the answer read while the request is still written.
///
/// - **Threads**: one thread writes requests, one reads responses; they may differ.
/// - **Limits**: those of [HttpLimits] for the response head.
/// - **Closes**: the owner of the connection.
public final class HttpClient {
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

    public BodyInput body(Framing framing) {
        return new BodyInput(input, framing);
    }

    /// The connection behind a 101 or a 2xx to CONNECT; this client must not be used afterwards.
    public Connection takeOver() {
        return input.rest();
    }
}
