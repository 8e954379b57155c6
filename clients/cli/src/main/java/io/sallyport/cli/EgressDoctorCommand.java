package io.sallyport.cli;

import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.process.ProcessConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport egress doctor`
@Command(
        name = "doctor",
        description = {
            "Try the way out from inside a sandbox with every client that is installed there: a host that is always",
            "allowed must be reached, and one that never is must not. Neither leaves the egress gateway."
        },
        footer = {
            "",
            "Ends with 1 when a client does not do what it should, or none is installed.",
            "",
            "Examples:",
            "  sallyport egress doctor cl-…",
            "  sallyport egress doctor cl-… -u root --json",
        })
final class EgressDoctorCommand implements Callable<Integer> {
    private static final String SCRIPT = "egress-doctor.sh";

    @Mixin
    private JsonOption output;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "Who tries. Default: user.")
    private @Nullable String user;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    /// What one client did.
    ///
    /// @param allowed whether it reached the host that is always allowed
    /// @param denied whether it did not reach the one that never is
    /// @param said what it wrote last when it did not reach the first
    record Tried(String client, boolean allowed, boolean denied, String said) {
        /// Reads a line of the script; empty when it is none.
        static Optional<Tried> parse(String line) {
            var fields = line.split("\t", 4);
            if (fields.length < 3) {
                return Optional.empty();
            }
            boolean reached = fields[1].equals("0");
            var said = reached || fields.length < 4 ? "" : fields[3].replaceAll("\\p{Cntrl}", "");
            return Optional.of(new Tried(fields[0], reached, !fields[2].equals("0"), said));
        }

        boolean ok() {
            return allowed && denied;
        }
    }

    @Override
    public Integer call() {
        var api = ApiClient.open();
        var sandbox = api.sandbox(id).as(ApiClient.Sandbox.class);
        var arguments = List.of("-c", script(), SCRIPT, url(EgressApi.CANARY_ALLOWED), url(EgressApi.CANARY_DENIED));
        var said = Attached.outputOf(
                new Guest(api, sandbox, user), new ProcessConfig("/bin/sh", arguments, Map.of(), null));
        var tried = said.lines().flatMap(line -> Tried.parse(line).stream()).toList();
        var out = spec.commandLine().getOut();
        if (output.json) {
            out.println(new String(RecordJson.writeList(tried), StandardCharsets.UTF_8));
        } else if (tried.isEmpty()) {
            out.println("no client that could be tried is installed in " + id);
        } else {
            var table = new Table("CLIENT", "ALLOWED HOST", "DENIED HOST", "WHY");
            tried.forEach(one -> table.row(
                    one.client(),
                    one.allowed() ? "reached" : "NOT REACHED",
                    one.denied() ? "refused" : "REACHED",
                    one.said()));
            table.print(out);
        }
        return !tried.isEmpty() && tried.stream().allMatch(Tried::ok) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String url(String host) {
        return "https://" + host + "/";
    }

    private static String script() {
        try (InputStream stream = EgressDoctorCommand.class.getResourceAsStream(SCRIPT)) {
            if (stream == null) {
                throw new IOException("resource missing: " + SCRIPT);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }
}
