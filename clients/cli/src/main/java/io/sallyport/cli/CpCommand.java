package io.sallyport.cli;

import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.wire.http1.Framing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sallyport cp`
@Command(
        name = "cp",
        description = {
            "Copy a file or a directory into a sandbox or out of it.",
            "Paths inside that are not absolute start at the user's home."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport cp report.csv cl-…:/tmp/report.csv",
            "  sallyport cp cl-…:results ./results",
        })
final class CpCommand implements Callable<Integer> {
    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "Whose file it is inside. Default: user.")
    private @Nullable String user;

    @Parameters(index = "0", paramLabel = "FROM", description = "PATH here, or ID:PATH in a sandbox.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "ID:PATH in a sandbox, or PATH here.")
    private String to;

    @Override
    public Integer call() throws IOException {
        var source = Place.parse(from);
        var target = Place.parse(to);
        if (source.isInside() == target.isInside()) {
            throw new CliException(ExitCode.USAGE, "cp: " + from + " " + to + " (expected: one of them ID:PATH)");
        }
        if (source.isInside()) {
            download(guest(source), source.path(), Path.of(target.path()));
        } else {
            upload(guest(target), Path.of(source.path()), target.path());
        }
        return ExitCode.OK;
    }

    /// One end of a copy; `sandbox` is empty for this machine.
    private record Place(String sandbox, String path) {
        static Place parse(String text) {
            int colon = text.indexOf(':');
            return colon > 0 && text.startsWith("cl-")
                    ? new Place(text.substring(0, colon), text.substring(colon + 1))
                    : new Place("", text);
        }

        boolean isInside() {
            return !sandbox.isEmpty();
        }
    }

    private Guest guest(Place place) {
        var api = ApiClient.open();
        return new Guest(api, api.sandbox(place.sandbox()).as(ApiClient.Sandbox.class), user);
    }

    private void upload(Guest guest, Path source, String target) throws IOException {
        if (!Files.exists(source)) {
            throw new CliException(ExitCode.USAGE, source + " does not exist");
        }
        if (!Files.isDirectory(source)) {
            try (var content = Files.newInputStream(source)) {
                // A file of /proc has a size of 0 and content all the same.
                boolean sized = Files.isRegularFile(source) && Files.size(source) > 0;
                var framing = sized ? new Framing.Length(Files.size(source)) : Framing.CHUNKED;
                post(guest, inDirectory(target, source), framing, content);
            }
            return;
        }
        var archive = temporary();
        var tar = new ProcessBuilder("tar", "-c", "-C", source.toString(), ".")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var content = tar.getInputStream()) {
            post(guest, archive, Framing.CHUNKED, content);
        }
        requireSuccess(tar, "reading " + source);
        shell(
                guest,
                "mkdir -p -- \"$1\" && tar -x -f \"$2\" -C \"$1\"; code=$?; rm -f \"$2\"; exit $code",
                target,
                archive);
    }

    private static void post(Guest guest, String path, Framing framing, InputStream content) {
        var headers = guest.headers().without("Host").with("Content-Type", "application/octet-stream");
        guest.api().call("POST", "/files?path=" + encode(path), headers, framing, content);
    }

    private static void download(Guest guest, String source, Path target) throws IOException {
        try {
            get(guest, source, Files.isDirectory(target) ? target.resolve(fileName(source)) : target);
        } catch (CliException e) {
            if (!String.valueOf(e.getMessage()).endsWith("is a directory")) {
                throw e;
            }
            downloadDirectory(guest, source, target);
        }
    }

    private static void downloadDirectory(Guest guest, String source, Path target) throws IOException {
        var archive = temporary();
        shell(guest, "tar -c --exclude \"./${2##*/}\" -f \"$2\" -C \"$1\" .", source, archive);
        var local = Files.createTempFile("sallyport-cp", ".tar");
        try {
            get(guest, archive, local);
            Files.createDirectories(target);
            // What comes out of a sandbox is not to own anything here, nor to run as anybody.
            var tar = new ProcessBuilder(
                            "tar",
                            "-x",
                            "--no-same-owner",
                            "--no-same-permissions",
                            "-f",
                            local.toString(),
                            "-C",
                            target.toString())
                    .inheritIO()
                    .start();
            requireSuccess(tar, "writing " + target);
        } finally {
            Files.delete(local);
            shell(guest, "rm -f \"$1\"", archive, "");
        }
    }

    private static void requireSuccess(Process tar, String what) {
        try {
            if (tar.waitFor() != 0) {
                throw new CliException(ExitCode.FAILED, what + ": tar failed with " + tar.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.FAILED, what + ": interrupted");
        }
    }

    private static void get(Guest guest, String path, Path target) throws IOException {
        FileDownload.run(guest, "/files?path=" + encode(path), target);
    }

    /// Runs a few words of shell in the sandbox; they find the arguments as `$1` and `$2`.
    private static void shell(Guest guest, String script, String first, String second) {
        var config = new ProcessConfig("/bin/sh", List.of("-c", script, "cp", first, second), Map.of(), null);
        int code = new Attached(guest, config).run(new ByteArrayInputStream(new byte[0]), () -> {});
        if (code != 0) {
            throw new CliException(ExitCode.FAILED, "tar inside the sandbox failed with " + code);
        }
    }

    private static String inDirectory(String target, Path source) {
        return target.isEmpty() || target.endsWith("/") ? target + source.getFileName() : target;
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String temporary() {
        return "/tmp/.sallyport-cp-" + UUID.randomUUID() + ".tar";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
