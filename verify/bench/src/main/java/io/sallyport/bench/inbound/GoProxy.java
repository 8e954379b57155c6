package io.sallyport.bench.inbound;

import io.sallyport.bench.GoProgram;
import java.io.IOException;
import java.util.List;

/// Go's `httputil.ReverseProxy` with pools and buffers as large as the load wants.
final class GoProxy implements Subject {
    @Override
    public String name() {
        return "go";
    }

    @Override
    public String version() throws IOException {
        return GoProgram.version();
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        return List.of(GoCommand.of(site, "single", Site.local(site.port()), Site.local(site.backendPort())));
    }
}
