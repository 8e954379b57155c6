package io.sallyport.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a new sandbox shall be, for `create` and `run`.
final class SandboxOptions {
    @Option(names = "--template", paramLabel = "NAME", description = "What it starts from. Default: base.")
    String template = "base";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "After this time it is killed: 90s, 15m, 2h. Default: 5m for create, 1h for run.")
    @Nullable
    Duration timeout;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Environment of its commands. May be repeated.")
    Map<String, String> environment = new LinkedHashMap<>();

    @Option(names = "--metadata", paramLabel = "KEY=VALUE", description = "A label. May be repeated.")
    Map<String, String> metadata = new LinkedHashMap<>();

    @Option(
            names = "--private",
            description = "Its ports open only with a key, the sandbox's traffic token or a signed link.")
    boolean isPrivate;

    ApiClient.NewSandbox toRequest(Duration timeoutDefault) {
        int seconds = (int) Math.min(Integer.MAX_VALUE, (timeout == null ? timeoutDefault : timeout).toSeconds());
        return new ApiClient.NewSandbox(
                template, seconds, metadata, environment, isPrivate ? new ApiClient.Network(false) : null);
    }
}
