package io.sallyport.bench.inbound;

import io.sallyport.bench.Certificate;
import io.sallyport.bench.GoProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The forerunner's way: two of Go's `httputil.ReverseProxy` one behind the other, mTLS between them, and pools
/// of 20 idle connections.
final class GoChained implements Subject {
    @Override
    public String name() {
        return "go_chained";
    }

    @Override
    public String version() throws IOException {
        return GoProgram.version();
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        Certificate.create(site.directory(), "agent");
        var inner = Site.local(site.innerPort());
        var back = GoCommand.of(site, "back", inner, Site.local(site.backendPort()));
        var front = GoCommand.of(site, "front", Site.local(site.port()), inner);
        return List.of(withCertificate(back, site), withCertificate(front, site));
    }

    private static List<String> withCertificate(List<String> command, Site site) {
        var more = new ArrayList<>(command);
        more.addAll(Arrays.asList("-certs", site.directory().toString()));
        return more;
    }
}
