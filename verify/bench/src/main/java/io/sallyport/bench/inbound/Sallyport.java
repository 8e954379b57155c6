package io.sallyport.bench.inbound;

import io.sallyport.app.Main;
import io.sallyport.bench.JavaProgram;
import io.sallyport.bench.Tools;
import java.io.IOException;
import java.time.Duration;
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
            return List.of(JavaProgram.command(BenchGateway.class, site.port(), site.backendPort()));
        }
        var tls = site.directory().resolve("tls").toString();
        var init = JavaProgram.command(Main.class, "ca", "init", tls);
        Tools.output(init.toArray(String[]::new));
        return List.of(
                JavaProgram.command(BenchAgent.class, site.innerPort(), site.backendPort(), tls),
                JavaProgram.command(BenchGateway.class, site.port(), site.innerPort(), tls));
    }
}
