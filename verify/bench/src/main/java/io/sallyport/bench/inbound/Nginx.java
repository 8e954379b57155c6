package io.sallyport.bench.inbound;

import io.sallyport.bench.Tools;
import java.io.IOException;
import java.util.List;

/// One worker.
final class Nginx implements Subject {
    private static final String PROGRAM = "/usr/sbin/nginx";

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public String version() throws IOException {
        return "nginx " + Tools.version(PROGRAM, "-v");
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        var config = site.unpack("nginx.conf");
        return List.of(List.of(PROGRAM, "-p", site.directory().toString(), "-e", "stderr", "-c", config.toString()));
    }
}
