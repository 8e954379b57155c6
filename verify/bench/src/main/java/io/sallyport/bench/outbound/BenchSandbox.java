package io.sallyport.bench.outbound;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressSession;
import io.sallyport.rpc.egress.EgressSessions;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The one sandbox there is: it may reach the origin's names, and nothing else.
///
/// @param intercepts whether its policy looks at methods, for which the gateway opens TLS
record BenchSandbox(boolean intercepts) implements EgressSessions {
    static final SandboxId ID = new SandboxId("cl-00000000000000000000bench");
    static final String TOKEN = "a-token-of-the-benchmark-that-opens-nothing";

    @Override
    public Optional<EgressSession> find(SandboxId sandbox) {
        return sandbox.equals(ID)
                ? Optional.of(new EgressSession(ID, 1, sha256(TOKEN), 1, policy(), List.of()))
                : Optional.empty();
    }

    private EgressPolicy policy() {
        var methods = intercepts ? List.of("GET") : List.<String>of();
        var rule = new Rule("*." + Names.DOMAIN, List.of(), List.of(), methods, List.of());
        return new EgressPolicy(
                Mode.LIMITED,
                Precedence.DENY,
                List.of(rule),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                false,
                false);
    }

    private static String sha256(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public Closeable watch(Watcher watcher) {
        return () -> {};
    }
}
