package io.sallyport.relay.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tunnel.ChunkConnection;
import io.sallyport.wire.tunnel.MuxSession;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens tunnels to the egress gateway.
///
/// With v2 all of them are streams of a few WebSockets that stay open; with v1 each has its own.
///
/// - **Threads**: any.
/// - **Errors**: [UnauthenticatedException] when the gateway does not take the token; any other [IOException] when
///   there is no way to it, or it takes no more.
/// - **Closes**: [#close()] the WebSockets of v2; a tunnel of v1 is its user's.
public final class Tunnels implements Closeable {
    private static final Duration V2_AGAIN_AFTER = Duration.ofMinutes(10);

    private final String sandboxId;
    private final Supplier<byte[]> token;
    private final Mode mode;
    private final Upgrade upgrade;
    private final MuxPool pool;
    private volatile Deadline v1Until = new Deadline(System.nanoTime(), true);

    /// Which tunnels are spoken.
    public enum Mode {
        V1,
        V2,
        /// v2 where the gateway does.
        AUTO
    }

    /// Tunnels of a sandbox.
    ///
    /// @param token gives a new copy each time, which is overwritten when it has been used
    public Tunnels(Dialer dialer, String sandboxId, Supplier<byte[]> token, Mode mode) {
        this.sandboxId = sandboxId;
        this.token = token;
        this.mode = mode;
        this.upgrade = new Upgrade(dialer, token);
        this.pool = new MuxPool(this::connect);
    }

    /// Opens a tunnel and asks for a destination: the first bytes to be read are the gateway's answer, see
    /// [Answer#read]. The caller closes it.
    ///
    /// @param authority `host:port`, canonical
    /// @param scheme `https`, `http` or `tcp`
    /// @param traceparent of whoever asked; dropped where it is none
    /// @param deadline for opening; none is set on the tunnel
    public Connection open(String authority, String scheme, Optional<String> traceparent, Deadline deadline)
            throws IOException {
        var tunnel = tunnel(deadline);
        var head = ConnectRequest.bytes(authority, scheme, traceparent, sandboxId, token.get());
        boolean asked = false;
        try {
            tunnel.deadline(deadline);
            tunnel.write(head, 0, head.length);
            tunnel.deadline(Deadline.NEVER);
            asked = true;
            return tunnel;
        } finally {
            Arrays.fill(head, (byte) 0);
            if (!asked) {
                tunnel.close();
            }
        }
    }

    private Connection tunnel(Deadline deadline) throws IOException {
        if (v2()) {
            var opened = pool.open(deadline);
            if (opened != null) {
                return opened;
            }
        }
        return new ChunkConnection(upgrade.open(false, deadline));
    }

    private boolean v2() {
        return switch (mode) {
            case V1 -> false;
            case V2 -> true;
            case AUTO -> v1Until.passed();
        };
    }

    /// A new session; null where the gateway speaks v1 only, and that is enough.
    private @Nullable MuxSession connect(Deadline deadline) throws IOException {
        try {
            var socket = upgrade.open(true, deadline);
            if (socket.protocol().equals(EgressApi.PROTOCOL_V2)) {
                return MuxSession.client(socket);
            }
            socket.close();
        } catch (Upgrade.NotSpokenException e) {
            if (mode == Mode.V2) {
                throw e;
            }
        }
        if (mode == Mode.V2) {
            throw new IOException("the gateway does not speak tunnels of many streams");
        }
        v1Until = Deadline.after(V2_AGAIN_AFTER);
        return null;
    }

    /// What a status document says of the tunnels.
    ///
    /// @param protocol `v1` or `v2`
    /// @param sessions open WebSockets of v2
    /// @param streams on them
    public record State(String protocol, int sessions, int streams) {}

    public State state() {
        return pool.state(v2() ? "v2" : "v1");
    }

    @Override
    public void close() {
        pool.close();
    }
}
