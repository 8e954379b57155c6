package io.sallyport.bench.outbound;

import io.sallyport.bench.Processes;
import io.sallyport.bench.Processors;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A subject that is ready to be loaded.
record RunningSubject(Subject subject, Site site, Processes processes) implements Closeable {
    static RunningSubject start(Subject subject, Site site, Processors processors) throws IOException {
        var commands = subject.commands(site);
        var ports = commands.size() > 1 ? List.of(site.innerPort(), site.port()) : List.of(site.port());
        var processes = Processes.start(commands, site.file("log"), processors, ports);
        try {
            subject.settle(site);
        } catch (IOException e) {
            processes.close();
            throw e;
        }
        return new RunningSubject(subject, site, processes);
    }

    /// What clients verify certificates with.
    Path trusted() {
        return site.intercepts() ? subject.authority(site) : site.origin().authority();
    }

    @Override
    public void close() {
        processes.close();
    }
}
