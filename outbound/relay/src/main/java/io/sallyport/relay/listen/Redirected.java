package io.sallyport.relay.listen;

import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.tunnel.Answer;
import io.sallyport.relay.tunnel.Tunnelled;
import io.sallyport.relay.tunnel.Tunnelled.Outcome;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
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
            switch (way.open(authority, scheme, Optional.empty(), NOTHING)) {
                case Outcome.Unanswered unanswered -> {} // it is written down; the client sees the reset
                case Outcome.Answered(var tunnel, var answer) -> pass(client, tunnel, answer, authority);
            }
        } catch (IOException e) {
            // The client went away.
        }
    }

    private void pass(Connection client, Connection opened, Answer answer, String authority) throws IOException {
        try (var tunnel = opened) {
            if (answer.connected()) {
                var rest = answer.rest();
                client.write(rest, 0, rest.length);
                way.copy(client, tunnel, authority);
            }
        }
    }
}
