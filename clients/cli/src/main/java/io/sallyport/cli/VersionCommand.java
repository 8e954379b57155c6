package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport version`
@Command(name = "version", description = "Print the version of Sallyport and of Java.")
final class VersionCommand implements Callable<Integer> {
    private static final String VERSION = "0.1.0";

    @Mixin
    private JsonOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var java = Runtime.version().toString();
        spec.commandLine()
                .getOut()
                .println(
                        output.json
                                ? "{\"sallyport\":\"" + VERSION + "\",\"java\":\"" + java + "\"}"
                                : "sallyport " + VERSION + " (Java " + java + ")");
        return ExitCode.OK;
    }
}
