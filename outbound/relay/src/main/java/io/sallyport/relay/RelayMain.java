package io.sallyport.relay;

import io.sallyport.relay.RelayProgram.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `relay [--listen PORT] [--directory DIR] [--required] [--print-env] [-- COMMAND ARGUMENT…]`
///
/// The relay by itself, for any container. What it needs to know stands in the environment, see
/// [io.sallyport.relay.boot.Gates.Names].
public final class RelayMain {
    private static final String EXPECTED =
            " (expected: --listen PORT, --directory DIR, --required, --print-env, -- COMMAND)";

    private RelayMain() {}

    public static void main(String[] args) {
        int code;
        try {
            code = RelayProgram.run(parse(args), System.getenv(), System.out, System.err);
        } catch (IllegalArgumentException e) {
            System.err.println("relay: " + e.getMessage());
            code = RelayProgram.USAGE;
        }
        System.exit(code);
    }

    static Options parse(String... args) {
        int listen = RelayProgram.PORT_DEFAULT;
        Optional<Path> directory = Optional.empty();
        boolean required = false;
        boolean printEnvironment = false;
        List<String> command = List.of();
        var left = new ArrayList<>(Arrays.asList(args));
        while (!left.isEmpty()) {
            var argument = left.removeFirst();
            switch (argument) {
                case "--listen" -> listen = port(value(argument, left));
                case "--directory" -> directory = Optional.of(Path.of(value(argument, left)));
                case "--required" -> required = true;
                case "--print-env" -> printEnvironment = true;
                case "--" -> {
                    command = List.copyOf(left);
                    left.clear();
                }
                default -> throw new IllegalArgumentException(argument + EXPECTED);
            }
        }
        return new Options(listen, directory, required, printEnvironment, command);
    }

    private static String value(String option, List<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + ": without a value");
        }
        return left.removeFirst();
    }

    private static int port(String text) {
        try {
            return RelayProgram.validPort(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--listen: " + text + " (expected: a port)", e);
        }
    }
}
