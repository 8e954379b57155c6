package io.sallyport.bench;

import java.util.ArrayList;
import java.util.List;

/// Programs of ours that are measured in processes of their own.
public final class JavaProgram {
    private JavaProgram() {}

    /// The command line of a program in a JVM like this one, with the options of `BENCH_JAVA_OPTIONS`.
    public static List<String> command(Class<?> program, Object... arguments) {
        return command(Tools.words(System.getProperty("sallyport.bench.java.options", "")), program, arguments);
    }

    /// The same as the guest daemon's JVM runs: small, and compiling little.
    public static List<String> asGuest(Class<?> program, Object... arguments) {
        var options = List.of(
                "@" + System.getProperty("sallyport.guest.image") + "/options",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", // which the daemon's jar has in its manifest
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
        return command(options, program, arguments);
    }

    private static List<String> command(List<String> options, Class<?> program, Object... arguments) {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        for (var argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }
}
