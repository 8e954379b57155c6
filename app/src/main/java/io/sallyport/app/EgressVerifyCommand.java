package io.sallyport.app;

import io.sallyport.cli.CliException;
import io.sallyport.cli.ExitCode;
import io.sallyport.cli.Settings;
import io.sallyport.egress.EgressConfig;
import io.sallyport.egress.audit.AuditVerify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport egress verify`
@Command(
        name = "verify",
        description = {
            "Check an audit log of the egress gateway: each line holds a hash over itself and the line before, so that",
            "one that was changed, removed or put in between is found."
        },
        footer = {
            "",
            "Ends with 1 and says where when the log is not as it was written.",
            "",
            "Examples:",
            "  sallyport egress verify",
            "  sallyport egress verify /backup/egress-audit",
        })
final class EgressVerifyCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The log. Default: that under the home directory.")
    private @Nullable Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var log = directory != null
                ? directory
                : EgressConfig.in(Settings.home(System.getenv())).auditDirectory();
        if (!Files.isDirectory(log)) {
            throw new CliException(ExitCode.USAGE, log + ": no directory (expected: an audit log)");
        }
        try {
            var verified = AuditVerify.verify(log);
            var out = spec.commandLine().getOut();
            if (verified.bad().isPresent()) {
                var bad = verified.bad().get();
                out.println("bad " + bad.file() + ":" + bad.line() + " " + bad.what());
                return ExitCode.FAILED;
            }
            out.println("ok " + verified.lines() + " lines");
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, log + ": " + e.getMessage());
        }
    }
}
