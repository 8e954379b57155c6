package io.sallyport.agent.inbound;

import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.FairThreads;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// Path mode without TLS, on loopback addresses only.
public final class PathServer implements Closeable {
    private final HttpServer server;

    private PathServer(HttpServer server) {
        this.server = server;
    }

    /// Starts listening.
    ///
    /// @throws IllegalArgumentException when an address is no loopback address
    public static PathServer start(List<InetSocketAddress> listen, SandboxDialer dialer) throws IOException {
        for (var address : listen) {
            if (!address.getAddress().isLoopbackAddress()) {
                throw new IllegalArgumentException("agent.path-listen: "
                        + address.getAddress().getHostAddress() + " (expected: a loopback address)");
            }
        }
        var threads = FairThreads.builder().name("path-", 0).factory();
        return new PathServer(HttpServer.start(listen, HttpServer.Config.DEFAULT, threads, new PathMode(dialer)));
    }

    /// The first listening address.
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }
}
