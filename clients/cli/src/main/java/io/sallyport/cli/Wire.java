package io.sallyport.cli;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// Connects to the platform: every address of its name, one after the other.
final class Wire {
    private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);

    private Wire() {}

    static Connection dial(Settings settings) {
        try {
            return connect(settings);
        } catch (IOException e) {
            throw unreachable(settings, String.valueOf(e.getMessage()));
        }
    }

    /// Like [#dial], for who tries again.
    static Connection connect(Settings settings) throws IOException {
        IOException first = null;
        for (var address : addresses(settings)) {
            try {
                var to = new InetSocketAddress(address, settings.port());
                return SocketConnection.connect(SocketChannel.open(), to, Deadline.after(CONNECT_WAIT));
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no address") : first;
    }

    static CliException unreachable(Settings settings, String why) {
        return new CliException(
                ExitCode.UNREACHABLE, "cannot reach " + settings.url() + ": " + why + " (is sallyport up running?)");
    }

    private static InetAddress[] addresses(Settings settings) throws IOException {
        try {
            return InetAddress.getAllByName(settings.url().getHost());
        } catch (UnknownHostException e) {
            throw new IOException("the name is not known", e);
        }
    }
}
