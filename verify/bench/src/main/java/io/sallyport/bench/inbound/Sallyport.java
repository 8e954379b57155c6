package io.sallyport.bench.inbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The gateway in a process of its own: it connects to the backend itself, or through an agent in another
/// process.
record Sallyport(boolean apart) implements Subject {
    @Override
    public String name() {
        return apart ? "sallyport_apart" : "sallyport";
    }

    @Override
    public String version() {
        return "Java " + Runtime.version();
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(5);
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        if (!apart) {
            return List.of(java(BenchGateway.class, site.port(), site.backendPort()));
        }
        var tls = site.directory().resolve("tls").toString();
        var init = java(List.of("io.sallyport.app.Main", "ca", "init", tls));
        Tools.output(init.toArray(String[]::new));
        return List.of(
                java(BenchAgent.class, site.innerPort(), site.backendPort(), tls),
                java(BenchGateway.class, site.port(), site.innerPort(), tls));
    }

    private static List<String> java(Class<?> program, Object... arguments) {
        var words = new ArrayList<>(List.of(program.getName()));
        for (var argument : arguments) {
            words.add(argument.toString());
        }
        return java(words);
    }

    private static List<String> java(List<String> programAndArguments) {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(Tools.words(System.getProperty("sallyport.bench.java.options", "")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(programAndArguments);
        return command;
    }
}
