package io.sallyport.egress.dial;

import io.sallyport.wire.address.IpAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// The addresses of this machine. One of them may look public, and everything on it would be asked from within.
///
/// - **Threads**: any.
/// - **Limits**: looked up anew after [#KEPT].
public final class OwnAddresses {
    private static final Duration KEPT = Duration.ofSeconds(30);

    private volatile Snapshot snapshot = new Snapshot(Set.of(), System.nanoTime() - KEPT.toNanos() - 1);

    private record Snapshot(Set<IpAddress> addresses, long atNanos) {}

    public boolean contains(IpAddress address) {
        var now = snapshot;
        if (System.nanoTime() - now.atNanos() > KEPT.toNanos()) {
            now = new Snapshot(look(now.addresses()), System.nanoTime());
            snapshot = now;
        }
        return now.addresses().contains(address.unmapped());
    }

    private static Set<IpAddress> look(Set<IpAddress> before) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(IpAddress::of)
                    .map(IpAddress::unmapped)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            return before;
        }
    }
}
