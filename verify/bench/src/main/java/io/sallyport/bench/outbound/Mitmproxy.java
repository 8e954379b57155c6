package io.sallyport.bench.outbound;

import io.sallyport.bench.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Its command line program, which says nothing of flows and streams large bodies. HTTP/1.1 as everybody else.
final class Mitmproxy implements Subject {
    private static final String PROGRAM = "/usr/bin/mitmdump";

    @Override
    public String name() {
        return "mitmproxy";
    }

    @Override
    public String version() throws IOException {
        return "mitmproxy " + Tools.version(PROGRAM, "--version");
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        var script = Tools.unpack(
                "outbound/mitmproxy.py",
                site.directory(),
                Map.of("ORIGIN_PORT", site.origin().port()));
        var command = new ArrayList<>(List.of(PROGRAM, "--quiet", "--listen-host", "127.0.0.1"));
        command.addAll(List.of("--listen-port", Integer.toString(site.port()), "--scripts", script.toString()));
        set(command, "confdir=" + site.directory());
        if (site.intercepts()) {
            set(
                    command,
                    "ssl_verify_upstream_trusted_ca=" + site.origin().authority(),
                    "stream_large_bodies=1m",
                    "flow_detail=0",
                    "http2=false");
        } else {
            command.addAll(List.of("--ignore-hosts", ".*"));
        }
        return List.of(command);
    }

    private static void set(List<String> command, String... options) {
        for (var option : options) {
            command.addAll(Arrays.asList("--set", option));
        }
    }

    @Override
    public Path authority(Site site) {
        return site.file("mitmproxy-ca-cert.pem");
    }
}
