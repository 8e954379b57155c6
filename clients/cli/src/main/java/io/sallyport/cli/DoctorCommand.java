package io.sallyport.cli;

import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `sallyport doctor`
@Command(
        name = "doctor",
        description = "Check whether this machine can run Sallyport, and say what to do where it cannot.",
        footer = {"", "Ends with 1 when something that is needed is missing."})
final class DoctorCommand implements Callable<Integer> {
    private static final int PORT = 8000;
    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String YELLOW = "\033[33m";
    private static final String RESET = "\033[0m";

    @Mixin
    private JsonOption output;

    @Option(names = "--runtime", paramLabel = "NAME", description = "The OCI runtime to look for. Default: runc.")
    private String runtime = "runc";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var checks = List.of(
                HostChecks.java(),
                HostChecks.root(),
                HostChecks.runtime(runtime),
                HostChecks.namespaces(),
                HostChecks.cgroups(),
                HostChecks.overlay(Settings.home(System.getenv())),
                HostChecks.port(Loopback.v4(PORT)),
                HostChecks.sudo(),
                HostChecks.nft(),
                HostChecks.localhostNames());
        var out = spec.commandLine().getOut();
        if (output.json) {
            out.println(new String(RecordJson.writeList(checks), StandardCharsets.UTF_8));
        } else {
            checks.forEach(check -> print(check, out));
        }
        return checks.stream().allMatch(check -> check.ok() || !check.required()) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void print(Check check, PrintWriter out) {
        var mark = check.ok() ? "ok" : check.required() ? "missing" : "advice";
        var colour = check.ok() ? GREEN : check.required() ? RED : YELLOW;
        var shown =
                Terminal.isColour() ? colour + mark + RESET + " ".repeat(8 - mark.length()) : "%-8s".formatted(mark);
        out.println(shown + " %-12s %s".formatted(check.name(), check.found()));
        if (!check.fix().isEmpty()) {
            out.println("         " + " ".repeat(12) + " → " + check.fix());
        }
    }
}
