package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport url`
@Command(
        name = "url",
        description = "Print the address of a port of a sandbox.",
        footer = {"", "Example:", "  curl $(sallyport url cl-… 3000)"})
final class UrlCommand implements Callable<Integer> {
    private static final int PORT_MAX = 65535;

    @Mixin
    private JsonOption output;

    @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Parameters(index = "1", paramLabel = "PORT", description = "1 to 65535.")
    private int port;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        checkPort(port);
        var url = ApiClient.open().sandbox(id).as(ApiClient.Sandbox.class).url(port);
        spec.commandLine().getOut().println(output.json ? "{\"url\":\"" + url + "\"}" : url);
        return ExitCode.OK;
    }

    static void checkPort(int port) {
        if (port < 1 || port > PORT_MAX) {
            throw new CliException(ExitCode.USAGE, "port: " + port + " (expected: 1-" + PORT_MAX + ")");
        }
    }
}
