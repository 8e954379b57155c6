package io.sallyport.egress.dial;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/// Opens TCP connections. One attempt; the caller closes the connection.
public interface Sockets {
    /// Those of the operating system.
    Sockets SYSTEM = (address, port, deadline) -> SocketConnection.connect(
            SocketChannel.open(), new InetSocketAddress(address.inetAddress(), port), deadline);

    Connection connect(IpAddress address, int port, Deadline deadline) throws IOException;
}
