package io.sallyport.agent.outbound;

import io.sallyport.agent.node.Command;
import io.sallyport.wire.netns.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Leads every connection that is made in a sandbox's network namespace to its relay, by rules nobody inside can
/// change: no process there has `CAP_NET_ADMIN`, and the programs that set them are the host's.
///
/// No interface is added: the default route goes to `lo`, which has an address more, and what the rules do not turn
/// round is refused at once. See `transparent.sh` beside this class.
final class TransparentRules {
    private static final Duration WAIT = Duration.ofSeconds(10);

    private TransparentRules() {}

    /// Sets the rules in a namespace. One program is started, which starts two; together about 10 ms.
    static void apply(Netns netns) throws IOException {
        Command.require(Path.of("/"), WAIT, List.of("nsenter", "--net=" + netns.path(), "/bin/sh", "-euc", script()));
    }

    /// Why this machine cannot do it, found out in a namespace that is thrown away; empty when it can.
    static Optional<String> missing() {
        try {
            var result = Command.run(
                    Path.of("/"),
                    WAIT,
                    List.of("unshare", "--net", "/bin/sh", "-euc", "ip link set lo up\n" + script()));
            return result.ok() ? Optional.empty() : Optional.of(result.output().strip());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static String script() throws IOException {
        try (InputStream stream = TransparentRules.class.getResourceAsStream("transparent.sh")) {
            if (stream == null) {
                throw new IOException("resource missing: transparent.sh");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
