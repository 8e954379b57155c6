package io.sallyport.bench.inbound;

import io.sallyport.bench.Processes;
import io.sallyport.bench.Processors;
import io.sallyport.bench.load.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// A subject that is ready to be loaded.
record RunningSubject(String name, Site site, Processes processes) implements Closeable {
    static RunningSubject start(Subject subject, Site site, Processors processors) throws IOException {
        var commands = subject.commands(site);
        var ports = commands.size() > 1 ? List.of(site.port(), site.innerPort()) : List.of(site.port());
        var log = site.directory().resolve("log");
        return new RunningSubject(subject.name(), site, Processes.start(commands, log, processors, ports));
    }

    Entry entry() {
        return new Entry(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.port()), site.host());
    }

    double cpuMs() throws IOException {
        return processes.cpuMs();
    }

    double rssMib() throws IOException {
        return processes.rssMib();
    }

    @Override
    public void close() {
        processes.close();
    }
}
