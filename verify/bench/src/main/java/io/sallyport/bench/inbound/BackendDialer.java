package io.sallyport.bench.inbound;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;

/// Every port of every sandbox is the backend.
record BackendDialer(InetSocketAddress backend) implements SandboxDialer {
    @Override
    public Dialled dial(Target to, Deadline deadline) {
        try {
            return new Dialled.Connected(SocketConnection.connect(SocketChannel.open(), backend, deadline));
        } catch (IOException e) {
            return new Dialled.Failed(e);
        }
    }

    @Override
    public Listening listening(Target to, Deadline deadline) {
        return new Listening(List.of(), List.of());
    }
}
