package io.sallyport.gateway.forward;

import io.sallyport.wire.proxy.Relay;
import java.time.Duration;

/// How long the gateway waits. The names in brackets are settings.
///
/// @param connect for one attempt to connect to the app (`limits.connect`)
/// @param hold how long a request for a port on which nothing listens yet is held before it is refused; zero:
/// not at all (`limits.hold`)
/// @param apiHead the same as `responseHead` for the control plane, whose answers wait for hosts
/// @param responseHead from the last byte of the request that was passed on to the app's response head; zero:
/// for ever (`limits.response-head`)
/// @param clientGone in place of `idle` when the client has ended its stream while an answer without length
/// goes on
/// @param idle in a body or an upgraded connection, without a byte in any direction (`limits.idle`)
/// @param poolIdle how long a connection to an app is kept for the next request; shorter than servers keep
/// theirs (`limits.pool-idle`)
public record ForwardLimits(
        Duration connect,
        Duration hold,
        Duration apiHead,
        Duration responseHead,
        Duration clientGone,
        Duration idle,
        Duration poolIdle) {
    public static final ForwardLimits DEFAULT = new ForwardLimits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ofSeconds(100),
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofSeconds(4));

    Relay.Limits toApp() {
        return new Relay.Limits(responseHead, idle, clientGone);
    }

    Relay.Limits toControl() {
        return new Relay.Limits(apiHead, idle, clientGone);
    }
}
