package io.sallyport.relay.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.RecentFailures.Kind;
import io.sallyport.relay.RelayReason;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// What all kinds of connections have in common: the way to the gateway's answer, and the copying behind it.
///
/// - **Threads**: any.
/// - **Limits**: [#OPEN_WAIT], [#ANSWER_WAIT], [#IDLE].
///
/// @param tunnels to the gateway
/// @param failures where what goes wrong is written down
public record Tunnelled(Tunnels tunnels, RecentFailures failures) {
    /// To a WebSocket that is open.
    private static final Duration OPEN_WAIT = Duration.ofSeconds(15);

    /// The gateway looks the host up, connects, and may make a TLS handshake, each within ten seconds.
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(45);

    /// What is copied may rest for so long.
    private static final Duration IDLE = Duration.ofHours(1);

    /// What comes of asking for a destination.
    public sealed interface Outcome {
        /// The gateway's answer has come, be it a refusal. Whoever asked closes the tunnel.
        record Answered(Connection tunnel, Answer answer) implements Outcome {}

        /// Nothing has come of it, which has been written down; the refusal is what the client is to be told.
        record Unanswered(EgressRefusal refusal) implements Outcome {}
    }

    /// Opens a tunnel, sends what the client said already, and waits for the gateway's answer.
    public Outcome open(String authority, String scheme, Optional<String> trace, byte[] first) {
        Connection tunnel;
        try {
            tunnel = tunnels.open(authority, scheme, trace, Deadline.after(OPEN_WAIT));
        } catch (UnauthenticatedException e) {
            failures.add(Kind.GATEWAY_REFUSED, authority, String.valueOf(e.getMessage()));
            return new Outcome.Unanswered(EgressRefusal.of(EgressReason.UNAUTHENTICATED));
        } catch (IOException e) {
            return unreachable(Kind.GATEWAY_UNREACHABLE, authority, e);
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
            return new Outcome.Answered(tunnel, answer);
        } catch (IOException e) {
            return unreachable(Kind.TUNNEL_BROKEN, authority, e);
        } finally {
            if (!answered) {
                tunnel.close();
            }
        }
    }

    private Outcome unreachable(Kind kind, String authority, IOException why) {
        failures.add(kind, authority, String.valueOf(why.getMessage()));
        return new Outcome.Unanswered(RelayReason.GATEWAY_UNREACHABLE.refusal());
    }

    /// Copies both ways until both sides have ended; closes both.
    public void copy(Connection client, Connection tunnel, String authority) {
        var ended = Duplex.run(client, tunnel, IDLE);
        if (ended.reason() == Duplex.Reason.BROKEN) {
            failures.add(
                    Kind.TUNNEL_BROKEN,
                    authority,
                    "after " + ended.aToBBytes() + " bytes out and " + ended.bToABytes() + " in");
        }
    }
}
