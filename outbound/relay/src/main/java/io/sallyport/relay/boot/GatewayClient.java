package io.sallyport.relay.boot;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.tunnel.Dialer;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/// The way to the egress gateway.
///
/// - **Threads**: any.
public final class GatewayClient implements Dialer {
    private final Destination gateway;

    GatewayClient(Destination gateway) {
        this.gateway = gateway;
    }

    /// What it answered.
    ///
    /// @param body at most as long as was asked for
    public record Answer(int status, Headers headers, byte[] body) {}

    @Override
    public Connection dial(Deadline deadline) throws IOException {
        var to = new InetSocketAddress(InetAddress.getByName(gateway.host().text()), gateway.port());
        return SocketConnection.connect(SocketChannel.open(), to, deadline);
    }

    @Override
    public String host() {
        return gateway.text();
    }

    /// One request on a connection of its own. A body longer than `bytesMax` is a
    /// [TooLongException].
    public Answer get(String target, Headers headers, int bytesMax, Deadline deadline) throws IOException {
        try (var connection = dial(deadline)) {
            connection.deadline(deadline);
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var all = headers.with("Host", gateway.text()).with("Connection", "close");
            http.send(RequestHead.of("GET", target, all), Framing.NONE).close();
            var head = http.readHead();
            while (head.interim()) {
                head = http.readHead();
            }
            var body = http.body(Framing.of(head, "GET")).readNBytes(bytesMax + 1);
            if (body.length > bytesMax) {
                throw new TooLongException(target + ": the answer is longer than " + bytesMax + " bytes");
            }
            return new Answer(head.status(), head.headers(), body);
        }
    }

    /// An answer that is longer than whoever asked can use.
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(String message) {
            super(message);
        }
    }
}
