package io.sallyport.relay.boot;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.transparent.NameCheck.Decision;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// Asks the gateway whether a name may be resolved.
///
/// - **Threads**: any; blocks for at most [#WAIT].
final class GatewayNames {
    private static final Duration WAIT = Duration.ofSeconds(4);
    private static final int BODY_BYTES_MAX = 16 << 10;

    private final GatewayClient gateway;
    private final Token token;

    GatewayNames(GatewayClient gateway, Token token) {
        this.gateway = gateway;
        this.token = token;
    }

    /// @param name a host name: letters, digits, hyphens, underscores and dots
    Decision ask(String name) {
        try {
            var headers = Headers.of("Authorization", bearer());
            var answer = gateway.get(EgressApi.NAME + "?name=" + name, headers, BODY_BYTES_MAX, Deadline.after(WAIT));
            return decide(answer.status(), answer.headers().first(EgressReason.HEADER));
        } catch (IOException | IllegalStateException e) {
            return new Decision.Undecided("the gateway does not answer");
        }
    }

    private String bearer() {
        var secret = token.copy();
        try {
            return "Bearer " + new String(secret, StandardCharsets.US_ASCII);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /// Pure. An answer that is neither yes nor a denial is an outage, and so is a limit: it passes.
    static Decision decide(int status, Optional<String> reason) {
        if (status == 204) {
            return new Decision.Allowed();
        }
        var known = reason.flatMap(GatewayNames::reason);
        var denial = known.filter(r -> r.fault() == EgressReason.Fault.POLICY && !r.retryable());
        if (denial.isPresent()) {
            return new Decision.Denied(denial.get().id(), denial.get().sentence());
        }
        return new Decision.Undecided(
                known.map(r -> r.id() + ": " + r.sentence()).orElse("the gateway answered " + status));
    }

    private static Optional<EgressReason> reason(String id) {
        for (var reason : EgressReason.values()) {
            if (reason.id().equals(id)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
