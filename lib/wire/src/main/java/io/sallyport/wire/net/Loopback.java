package io.sallyport.wire.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// The two loopback addresses.
public final class Loopback {
    private static final InetAddress V4 = address(new byte[] {127, 0, 0, 1});
    private static final InetAddress V6 = address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    private Loopback() {}

    /// `127.0.0.1:port`
    public static InetSocketAddress v4(int port) {
        return new InetSocketAddress(V4, port);
    }

    /// `[::1]:port`
    public static InetSocketAddress v6(int port) {
        return new InetSocketAddress(V6, port);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
