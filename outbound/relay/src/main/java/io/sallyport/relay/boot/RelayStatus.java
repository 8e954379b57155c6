package io.sallyport.relay.boot;

import io.sallyport.relay.tunnel.Tunnels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be known of a relay, as JSON. It holds no secret.
///
/// @param state `new`, `off`, `enabled` or `failed`
/// @param detail why, where it is not enabled
/// @param port of the proxy; 0 where there is none
/// @param transparent whether redirected connections are taken
/// @param resolver whether names are answered
/// @param tunnels to the gateway; null where there is no proxy
/// @param noProxy what processes dial themselves
/// @param recentFailures the last connections that did not get through, newest last
public record RelayStatus(
        String state,
        String detail,
        boolean required,
        String sessionId,
        int port,
        boolean transparent,
        boolean resolver,
        Tunnels.@Nullable State tunnels,
        String caBundlePath,
        String javaTrustStorePath,
        List<String> noProxy,
        List<StepResult> steps,
        List<Failure> recentFailures) {
    /// How a step ended.
    public enum Outcome {
        OK,
        FAILED,
        SKIPPED
    }

    /// One step of the last start.
    ///
    /// @param step as [Step#id()]
    /// @param outcome of [Outcome], in lower case
    public record StepResult(String step, String outcome, String detail, long ms) {}

    /// A connection that did not get through.
    ///
    /// @param at as ISO 8601
    public record Failure(String at, String kind, String host, String detail) {}
}
