package io.sallyport.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport secret`
@Command(
        name = "secret",
        description = {
            "Credentials that sandboxes can use and cannot read: a placeholder stands for each inside, and the egress",
            "gateway puts the value in on the way to the one host it is for."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SecretCommand.Add.class, SecretCommand.Ls.class, SecretCommand.Rm.class})
final class SecretCommand {
    private static final String PATH = "/sallyport/secrets";
    private static final int VALUE_BYTES_MAX = 64 << 10;

    private SecretCommand() {}

    /// Prints redacted.
    record NewSecret(
            String name,
            String value,
            String host,
            @Nullable String scheme,
            @Nullable Integer port) {
        @Override
        public String toString() {
            return "NewSecret[" + name + "]";
        }
    }

    record Shown(
            String name,
            String placeholder,
            String host,
            String scheme,
            int port,
            @Nullable String createdAt) {}

    /// `sallyport secret add`
    @Command(
            name = "add",
            description = {
                "Keep a secret and print its placeholder. The value is read from standard input, where neither the list",
                "of processes nor the shell's history sees it; a line break at its end is dropped."
            },
            footer = {
                "",
                "Examples:",
                "  sallyport secret add github --host api.github.com < token.txt",
                "  read -rs KEY && printf %%s \"$KEY\" | sallyport secret add openai --host api.openai.com",
                "",
                "A sandbox uses it when its policy says so: {\"mode\":\"open\",\"secrets\":[\"github\"]}.",
            })
    static final class Add implements Callable<Integer> {
        @Mixin
        private JsonOption output;

        @Option(
                names = "--host",
                required = true,
                paramLabel = "NAME",
                description = "The one host it is sent to; an exact name.")
        private String host;

        @Option(names = "--scheme", paramLabel = "https|http", description = "How. Default: https.")
        private @Nullable String scheme;

        @Option(names = "--port", paramLabel = "PORT", description = "Default: 443, or 80 for http.")
        private @Nullable Integer port;

        @Parameters(paramLabel = "NAME", description = "What policies call it.")
        private String name;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var answer = ApiClient.open().call("POST", PATH, new NewSecret(name, value(), host, scheme, port));
            var made = answer.as(Shown.class);
            spec.commandLine().getOut().println(output.json ? answer.text() : made.placeholder());
            return ExitCode.OK;
        }

        private static String value() {
            try {
                var value = new String(System.in.readNBytes(VALUE_BYTES_MAX), StandardCharsets.UTF_8);
                return value.replaceFirst("\\r?\\n$", "");
            } catch (IOException e) {
                throw new CliException(ExitCode.FAILED, "standard input: " + e.getMessage());
            }
        }
    }

    /// `sallyport secret ls`
    @Command(
            name = "ls",
            aliases = "list",
            description = "List the team's secrets, without their values.",
            footer = {"", "Examples:", "  sallyport secret ls", "  sallyport secret ls --json | jq -r '.[].placeholder'"
            })
    static final class Ls implements Callable<Integer> {
        @Mixin
        private JsonOption output;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var answer = ApiClient.open().call("GET", PATH, null);
            var out = spec.commandLine().getOut();
            if (output.json) {
                out.println(answer.text());
                return ExitCode.OK;
            }
            var now = Instant.now();
            var table = new Table("NAME", "FOR", "PLACEHOLDER", "MADE");
            for (var secret : answer.asList(Shown.class)) {
                table.row(
                        secret.name(),
                        secret.scheme() + "://" + secret.host() + ":" + secret.port(),
                        secret.placeholder(),
                        Durations.ago(secret.createdAt(), now));
            }
            table.print(out);
            return ExitCode.OK;
        }
    }

    /// `sallyport secret rm`
    @Command(
            name = "rm",
            description = {
                "Forget a secret. Running sandboxes cannot use it from then on: no request that begins later gets the",
                "value, on connections that are open already neither. Its placeholder is sent as it stands; where a policy",
                "sets a header with it, requests are refused.",
                "Nothing is cut: a request or a WebSocket that has begun with the value goes on. What the host was sent",
                "stays valid there until it is revoked there."
            },
            footer = {"", "Example:", "  sallyport secret rm github"})
    static final class Rm implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "As secret ls shows it.")
        private String name;

        @Override
        public Integer call() {
            if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
                throw new CliException(ExitCode.USAGE, "secret: not a name (expected: as secret ls shows it)");
            }
            ApiClient.open().call("DELETE", PATH + "/" + name, null);
            return ExitCode.OK;
        }
    }
}
