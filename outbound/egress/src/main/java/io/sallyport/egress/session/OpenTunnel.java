package io.sallyport.egress.session;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.net.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A tunnel from the moment its head was read: what it is judged by when the policy changes, and how it is cut.
///
/// - **Threads**: its own and whoever judges it.
public final class OpenTunnel {
    private final Destination destination;
    private final String tokenHash;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable EgressReason cut;
    private volatile Way way;

    /// How it goes, as far as that is known.
    ///
    /// @param dialled whether it is connected; before that nothing is known but the scheme
    /// @param address that was dialled; null where a proxy resolves the name
    /// @param proxy that it goes through; null where it goes through none
    /// @param intercepted whether requests are looked into one by one
    public record Way(
            String scheme,
            boolean dialled,
            @Nullable IpAddress address,
            EgressPolicy.@Nullable Proxy proxy,
            boolean intercepted) {}

    /// @param tokenHash of the token it came with
    OpenTunnel(Destination destination, String tokenHash, String scheme) {
        this.destination = destination;
        this.tokenHash = tokenHash;
        this.way = new Way(scheme, false, null, null, false);
    }

    public Destination destination() {
        return destination;
    }

    String tokenHash() {
        return tokenHash;
    }

    public Way way() {
        return way;
    }

    public void goes(Way now) {
        way = now;
    }

    /// Has a connection closed when the tunnel is cut, which may be at once.
    public void attach(Connection connection) {
        lock.lock();
        try {
            if (cut == null) {
                connections.add(connection);
                return;
            }
        } finally {
            lock.unlock();
        }
        connection.close();
    }

    /// Ends it without a word.
    public void cut(EgressReason why) {
        List<Connection> toClose;
        lock.lock();
        try {
            cut = cut == null ? why : cut;
            toClose = List.copyOf(connections);
            connections.clear();
        } finally {
            lock.unlock();
        }
        toClose.forEach(Connection::close);
    }

    /// Why it was cut; empty where it was not.
    public Optional<EgressReason> wasCut() {
        lock.lock();
        try {
            return Optional.ofNullable(cut);
        } finally {
            lock.unlock();
        }
    }
}
