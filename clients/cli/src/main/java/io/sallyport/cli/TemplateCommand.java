package io.sallyport.cli;

import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport template`
@Command(
        name = "template",
        description = "What sandboxes start from.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TemplateCommand.Import.class, TemplateCommand.Ls.class})
final class TemplateCommand {
    private TemplateCommand() {}

    record TemplateName(String name) {}

    /// `sallyport template import`
    @Command(
            name = "import",
            description = "Make a template of a directory or a tar archive with a Linux root file system.",
            footer = {
                "",
                "Examples:",
                "  debootstrap bookworm ./debian && sallyport template import ./debian",
                "  sallyport template import --name alpine rootfs.tar.gz",
            })
    static final class Import implements Callable<Integer> {
        @Option(names = "--name", paramLabel = "NAME", description = "Default: the file's name without its endings.")
        private @Nullable String name;

        @Parameters(paramLabel = "DIR|TAR", description = "Plain, or compressed with gzip, xz, bzip2 or zstd.")
        private Path source;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            var chosen = name != null ? name : defaultName(source);
            if (!Files.exists(source)) {
                throw new CliException(
                        ExitCode.USAGE, source + " does not exist (expected: a directory or a tar archive)");
            }
            if (Files.isDirectory(source)) {
                importDirectory(chosen);
            } else {
                try (var tar = Files.newInputStream(source)) {
                    upload(chosen, tar);
                }
            }
            spec.commandLine().getOut().println(chosen);
            return ExitCode.OK;
        }

        private void importDirectory(String chosen) throws IOException {
            var tar = new ProcessBuilder(
                            "tar", "-c", "--numeric-owner", "--one-file-system", "-C", source.toString(), ".")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // The archive must not seem whole when tar could not read everything: then its end is never sent.
            try (var stream = new WholeOutput(tar)) {
                upload(chosen, stream);
            }
        }

        /// A program's output, whose end is an error when the program failed.
        private static final class WholeOutput extends FilterInputStream {
            private final Process process;

            WholeOutput(Process process) {
                super(process.getInputStream());
                this.process = process;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int n = in.read(into, offset, length);
                if (n < 0) {
                    requireSuccess();
                }
                return n;
            }

            private void requireSuccess() throws IOException {
                try {
                    if (process.waitFor() != 0) {
                        throw new CliException(ExitCode.FAILED, "tar failed with " + process.exitValue());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }

            @Override
            public void close() {
                process.destroy();
            }
        }

        private static void upload(String chosen, InputStream tar) {
            var path = "/sallyport/templates/" + checkedName(chosen);
            ApiClient.open().call("PUT", path, Headers.of("Content-Type", "application/x-tar"), Framing.CHUNKED, tar);
        }

        private static String checkedName(String chosen) {
            if (!chosen.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
                throw new CliException(
                        ExitCode.USAGE,
                        "template name: " + chosen + " (expected: a-z, 0-9, '.', '_', '-'; see --name)");
            }
            return chosen;
        }

        private static String defaultName(Path source) {
            var file =
                    source.toAbsolutePath().normalize().getFileName().toString().toLowerCase(Locale.ROOT);
            return file.replaceFirst("\\.(tar(\\.(gz|xz|bz2|zst))?|tgz|txz)$", "");
        }
    }

    /// `sallyport template ls`
    @Command(name = "ls", aliases = "list", description = "List the templates.")
    static final class Ls implements Callable<Integer> {
        @Mixin
        private JsonOption output;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var answer = ApiClient.open().call("GET", "/sallyport/templates", null);
            var out = spec.commandLine().getOut();
            if (output.json) {
                out.println(answer.text());
            } else {
                answer.asList(TemplateName.class).forEach(template -> out.println(template.name()));
            }
            return ExitCode.OK;
        }
    }
}
