package io.sallyport.bench.outbound;

import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.listen.RelayServer;
import io.sallyport.relay.listen.Status;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// The relay under measurement: `BenchRelay PORT GATEWAY_PORT`.
public final class BenchRelay {
    private BenchRelay() {}

    public static void main(String[] args) throws Exception {
        var gateway = Loopback.v4(Integer.parseInt(args[1]));
        var tunnels = new Tunnels(
                deadline -> SocketConnection.connect(SocketChannel.open(), gateway, deadline),
                BenchSandbox.ID.text(),
                () -> BenchSandbox.TOKEN.getBytes(StandardCharsets.US_ASCII),
                Tunnels.Mode.V2);
        var noStatus = new Status(new byte[0], () -> new byte[0]);
        RelayServer.start(Integer.parseInt(args[0]), tunnels, new RecentFailures(), noStatus);
        Thread.currentThread().join();
    }
}
