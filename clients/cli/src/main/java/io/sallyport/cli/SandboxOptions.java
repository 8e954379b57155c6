package io.sallyport.cli;

import io.sallyport.rpc.json.RecordJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a new sandbox shall be, for `create` and `run`.
final class SandboxOptions {
    private static final String NO_WAY_OUT = "{\"mode\":\"none\"}";
    private static final int POLICY_BYTES_MAX = 1 << 20;

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

    @Option(names = "--no-internet", description = "It has no way out at all, and cannot be given one.")
    boolean noInternet;

    @Option(
            names = "--egress",
            paramLabel = "FILE",
            description = "Whom it may reach, as JSON; - for standard input. See egress policy.")
    @Nullable
    Path egress;

    /// The body of the request, as JSON.
    byte[] toRequest(Duration timeoutDefault) {
        if (noInternet && egress != null) {
            throw new CliException(ExitCode.USAGE, "--egress: given together with --no-internet (expected: either)");
        }
        byte[] json = RecordJson.write(request(timeoutDefault));
        if (noInternet) {
            return with(json, NO_WAY_OUT);
        }
        return egress == null ? json : with(json, new String(read(egress), StandardCharsets.UTF_8));
    }

    /// The policy goes as it is: what of it is understood, the platform says.
    private static byte[] with(byte[] request, String policy) {
        var text = new String(request, StandardCharsets.UTF_8);
        return (text.substring(0, text.length() - 1) + ",\"egress\":" + policy + "}").getBytes(StandardCharsets.UTF_8);
    }

    /// A policy from a file, or from standard input for `-`.
    static byte[] read(Path file) {
        try {
            return file.toString().equals("-") ? System.in.readNBytes(POLICY_BYTES_MAX) : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, file + ": cannot be read (expected: a policy as JSON)");
        }
    }

    /// How long it lives.
    int seconds(Duration timeoutDefault) {
        return (int) Math.min(Integer.MAX_VALUE, (timeout == null ? timeoutDefault : timeout).toSeconds());
    }

    private ApiClient.NewSandbox request(Duration timeoutDefault) {
        return new ApiClient.NewSandbox(
                template,
                seconds(timeoutDefault),
                metadata,
                environment,
                isPrivate ? new ApiClient.Network(false) : null);
    }
}
