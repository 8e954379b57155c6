package io.sallyport.relay.listen;

import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// Connections of programs that do not know of the relay: where they wanted to go is known, and nothing can be said
/// to them that they would understand.
///
/// - **Threads**: any; each connection keeps the calling one.
public final class Redirected {
    private static final byte[] NOTHING = {};

    private final Tunnelled way;

    public Redirected(Tunnels tunnels, RecentFailures failures) {
        this.way = new Tunnelled(tunnels, failures);
    }

    /// Serves a connection and returns when it has ended, which is closed then. Where the gateway does not let it
    /// through it is reset, and the reason is among the failures.
    ///
    /// @param authority `host:port`, canonical
    /// @param scheme `https`, `http` or `tcp`
    public void serve(Connection accepted, String authority, String scheme) {
        try (var client = new ClientEnd(accepted, () -> {})) {
            var answered = way.open(authority, scheme, Optional.empty(), NOTHING);
            try (var tunnel = answered.tunnel()) {
                var answer = answered.answer();
                if (answer.connected()) {
                    var rest = Arrays.copyOfRange(answer.bytes(), answer.headEnd(), answer.bytes().length);
                    if (rest.length > 0) {
                        client.write(rest, 0, rest.length);
                    }
                    way.copy(client, tunnel, authority);
                }
            }
        } catch (IOException e) {
            // It is written down; the client sees the reset.
        }
    }
}
