package io.sallyport.bench.outbound;

import io.sallyport.bench.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A relay and an egress gateway, each in a process of its own; between them one TCP connection with many streams.
/// The relay has the Java options of the guest daemon, whose part it is.
final class Sallyport implements Subject {
    @Override
    public String name() {
        return "sallyport";
    }

    @Override
    public String version() {
        return "Java " + Runtime.version();
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(25);
    }

    @Override
    public List<List<String>> commands(Site site) {
        return List.of(
                JavaProgram.command(
                        BenchEgress.class,
                        site.innerPort(),
                        site.directory(),
                        site.origin().authority(),
                        site.intercepts()),
                JavaProgram.asGuest(BenchRelay.class, site.port(), site.innerPort()));
    }

    @Override
    public Path authority(Site site) {
        return site.file(BenchEgress.AUTHORITY_FILE);
    }
}
