package io.sallyport.app;

import io.sallyport.cli.CliException;
import io.sallyport.cli.ExitCode;
import io.sallyport.relay.RelayProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sallyport relay`
@Command(
        name = "relay",
        description = {
            "Run the relay by itself, in any container: a proxy on 127.0.0.1 whose way out is an egress gateway.",
            "Sandboxes have one already. With a COMMAND it runs that with the proxy's variables, and ends with it."
        },
        footer = {
            "",
            "Environment: SALLYPORT_REMOTE=1, SALLYPORT_UPSTREAM_PROXY=1, SALLYPORT_SESSION_ID, SALLYPORT_EGRESS_URL",
            "(default http://127.0.0.1:49984), SALLYPORT_EGRESS_REQUIRED, SALLYPORT_EGRESS_TRANSPARENT.",
            "The session token is read from DIR/session_token, a file of mode 600 that is deleted then.",
            "",
            "Examples:",
            "  sallyport relay -- curl https://api.github.com",
            "  sallyport relay --listen 8080 --print-env > relay.env &",
        })
final class RelayCommand implements Callable<Integer> {
    @Option(names = "--listen", paramLabel = "PORT", description = "On 127.0.0.1; 0: any (default: 49986).")
    private int listen = RelayProgram.PORT_DEFAULT;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the token is and certificates are written (default: /run/sallyport).")
    private @Nullable Path directory;

    @Option(names = "--required", description = "Run nothing when the relay does not come up.")
    private boolean required;

    @Option(names = "--print-env", description = "Print the proxy's variables as lines of a shell.")
    private boolean printEnvironment;

    @Parameters(paramLabel = "COMMAND", description = "What to run, with its arguments, behind --.")
    private List<String> command = new ArrayList<>();

    @Override
    public Integer call() {
        try {
            var options = new RelayProgram.Options(
                    listen, Optional.ofNullable(directory), required, printEnvironment, command);
            return RelayProgram.run(options, System.getenv(), System.out, System.err);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
