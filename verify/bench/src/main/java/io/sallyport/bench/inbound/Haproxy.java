package io.sallyport.bench.inbound;

import io.sallyport.bench.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// One thread.
final class Haproxy implements Subject {
    private static final String PROGRAM = "/usr/sbin/haproxy";

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public String version() throws IOException {
        return "HAProxy " + Tools.version(PROGRAM, "-v");
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        var config = site.unpack("haproxy.cfg");
        Files.writeString(site.directory().resolve("haproxy.map"), site.sandbox() + " sandbox\n");
        return List.of(List.of(PROGRAM, "-db", "-f", config.toString()));
    }
}
