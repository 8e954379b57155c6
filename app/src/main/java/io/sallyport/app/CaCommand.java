package io.sallyport.app;

import io.sallyport.cli.CliException;
import io.sallyport.cli.ExitCode;
import io.sallyport.wire.tls.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport ca`
@Command(
        name = "ca",
        description = "The authority whose certificates let the programs of an installation believe each other.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CaCommand.Init.class, CaCommand.Issue.class})
final class CaCommand {
    private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1", "::1");

    private CaCommand() {}

    static CaCommand make() {
        return new CaCommand();
    }

    /// `sallyport ca init`
    @Command(
            name = "init",
            description = {
                "Make an authority in DIR, and certificates for a control plane, a gateway and an agent on this machine.",
                "ca.key stays where it is; every program needs ca.crt, its own .crt and its own .key."
            },
            footer = {"", "Example:", "  sallyport ca init /etc/sallyport/tls"})
    static final class Init implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Made where it does not exist.")
        private Path directory;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (CertificateAuthority.existsIn(directory)) {
                throw new CliException(
                        ExitCode.USAGE, directory + " has an authority already (expected: a directory without ca.key)");
            }
            var authority = CertificateAuthority.create(directory);
            var hosts = hostsOfThisMachine();
            for (var role : Role.values()) {
                authority.issue(role.name().toLowerCase(Locale.ROOT), role, hosts);
            }
            spec.commandLine().getOut().println(directory.toAbsolutePath().normalize());
            return ExitCode.OK;
        }

        private static List<String> hostsOfThisMachine() {
            var hosts = new ArrayList<>(THIS_MACHINE);
            try {
                hosts.add(InetAddress.getLocalHost().getHostName());
            } catch (UnknownHostException e) {
                // A machine without a name is reached by its address.
            }
            return hosts;
        }
    }

    /// `sallyport ca issue`
    @Command(
            name = "issue",
            description = "Make a key and a certificate for one more program.",
            footer = {
                "",
                "Example:",
                "  sallyport ca issue /etc/sallyport/tls agent --name box7 --host box7.example.com"
            })
    static final class Issue implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "DIR", description = "Where ca init was.")
        private Path directory;

        @Parameters(index = "1", paramLabel = "ROLE", description = "control, gateway or agent.")
        private String role;

        @Option(
                names = "--name",
                required = true,
                paramLabel = "NAME",
                description = "Of the files: NAME.crt, NAME.key.")
        private String name;

        @Option(
                names = "--host",
                paramLabel = "HOST",
                description = "A name or address under which others reach it. May be repeated.")
        private List<String> hosts = new ArrayList<>(THIS_MACHINE);

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (!CertificateAuthority.existsIn(directory)) {
                throw new CliException(
                        ExitCode.USAGE, directory + " has no authority (make one with: sallyport ca init)");
            }
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}") || name.equals("ca")) {
                throw new CliException(
                        ExitCode.USAGE, "name: " + name + " (expected: letters, digits, dots, dashes; not ca)");
            }
            CertificateAuthority.open(directory).issue(name, role(), hosts);
            spec.commandLine()
                    .getOut()
                    .println(directory.resolve(name + ".crt").toAbsolutePath().normalize());
            return ExitCode.OK;
        }

        private Role role() {
            return Arrays.stream(Role.values())
                    .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(role))
                    .findFirst()
                    .orElseThrow(() -> new CliException(
                            ExitCode.USAGE,
                            "role: " + role + " (expected: "
                                    + Arrays.stream(Role.values())
                                            .map(one -> one.name().toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(", "))
                                    + ")"));
        }
    }
}
