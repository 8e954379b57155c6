package io.sallyport.relay.boot;

import io.sallyport.relay.transparent.Transparent;
import io.sallyport.relay.tunnel.Tunnels;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/// The relay's listener for clients that know it is a proxy, and its tunnels.
///
/// - **Closes**: whoever started it; its tunnels end with it.
interface Proxy extends AutoCloseable {
    int port();

    /// The way of connections that were redirected.
    Transparent.Tunnel redirected();

    Tunnels.State tunnels();

    List<RelayStatus.Failure> recentFailures();

    @Override
    void close();

    /// Starts one.
    interface Starter {
        /// Listens, and is ready when it returns.
        ///
        /// @param port on 127.0.0.1; 0: any
        /// @param relayToken opens the status document
        /// @param status the document
        Proxy start(
                String sessionId,
                GatewayClient gateway,
                Token token,
                int port,
                String relayToken,
                Supplier<byte[]> status)
                throws IOException;
    }
}
