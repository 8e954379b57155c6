package io.sallyport.relay.listen;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.RecentFailures.Kind;
import io.sallyport.relay.tunnel.Answer;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.relay.tunnel.UnauthenticatedException;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// What both kinds of connections have in common: the way to the gateway's answer, and the copying behind it.
///
/// @param tunnels to the gateway
/// @param failures where what goes wrong is written down
record Tunnelled(Tunnels tunnels, RecentFailures failures) {
    /// To a WebSocket that is open.
    private static final Duration OPEN_WAIT = Duration.ofSeconds(15);

    /// The gateway looks the host up, connects, and may make a TLS handshake, each within ten seconds.
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(45);

    /// What is copied may rest for so long.
    private static final Duration IDLE = Duration.ofHours(1);

    /// A tunnel whose answer has come.
    record Answered(Connection tunnel, Answer answer) {}

    /// Opens a tunnel, sends what the client said already, and waits for the gateway's answer.
    ///
    /// - **Errors**: whatever is thrown has been written down.
    Answered open(String authority, String scheme, Optional<String> trace, byte[] first) throws IOException {
        Connection tunnel;
        try {
            tunnel = tunnels.open(authority, scheme, trace, Deadline.after(OPEN_WAIT));
        } catch (UnauthenticatedException e) {
            failures.add(Kind.GATEWAY_REFUSED, authority, String.valueOf(e.getMessage()));
            throw e;
        } catch (IOException e) {
            failures.add(Kind.GATEWAY_UNREACHABLE, authority, String.valueOf(e.getMessage()));
            throw e;
        }
        boolean answered = false;
        try {
            tunnel.deadline(Deadline.after(ANSWER_WAIT));
            if (first.length > 0) {
                tunnel.write(first, 0, first.length);
            }
            var answer = Answer.read(tunnel);
            if (answer.refused()) {
                failures.add(Kind.CONNECT_REJECTED, authority, answer.text());
            }
            answered = true;
            return new Answered(tunnel, answer);
        } catch (IOException e) {
            failures.add(Kind.TUNNEL_BROKEN, authority, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            if (!answered) {
                tunnel.close();
            }
        }
    }

    /// Copies both ways until both sides have ended; closes both.
    void copy(Connection client, Connection tunnel, String authority) {
        var ended = Duplex.run(client, tunnel, IDLE);
        if (ended.reason() == Duplex.Reason.BROKEN) {
            failures.add(
                    Kind.TUNNEL_BROKEN,
                    authority,
                    "after " + ended.aToBBytes() + " bytes out and " + ended.bToABytes() + " in");
        }
    }
}
