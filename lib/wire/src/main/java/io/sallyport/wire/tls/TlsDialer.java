package io.sallyport.wire.tls;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/// Opens connections to one other program of the installation.
///
/// @param host a name or address that stands in the other's certificate
/// @param expected the role the other must have
public record TlsDialer(TlsIdentity identity, String host, int port, Role expected) {
    /// A connection, its deadline lifted; the caller closes it.
    public Connection dial(Deadline deadline) throws IOException {
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException(host + ": no such host");
        }
        var raw = SocketConnection.connect(SocketChannel.open(), address, deadline);
        return identity.connect(raw, host, port, expected, deadline);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
