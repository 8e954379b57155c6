package io.sallyport.bench;

import java.util.ArrayList;
import java.util.List;

/// Programs of ours that are measured in processes of their own.
public final class JavaProgram {
    private JavaProgram() {}

    /// The command line of a program in a JVM like this one, with the options of `BENCH_JAVA_OPTIONS`.
    public static List<String> command(Class<?> program, Object... arguments) {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(Tools.words(System.getProperty("sallyport.bench.java.options", "")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        for (var argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }
}
