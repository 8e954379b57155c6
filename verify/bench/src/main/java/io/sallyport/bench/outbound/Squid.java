package io.sallyport.bench.outbound;

import io.sallyport.bench.Certificate;
import io.sallyport.bench.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One worker, without a cache of bodies; `ssl_bump` after a look at the name.
final class Squid implements Subject {
    private static final String PROGRAM = "/usr/sbin/squid";
    private static final String MINTER = "/usr/lib/squid/security_file_certgen";
    private static final String MINTED_MAX = "16MB";

    @Override
    public String name() {
        return "squid";
    }

    @Override
    public String version() throws IOException {
        return "squid " + Tools.version(PROGRAM, "-v");
    }

    @Override
    public List<List<String>> commands(Site site) throws IOException {
        Certificate.create(site.directory(), name());
        var both = Files.readString(site.file("key.pem")) + Files.readString(site.file("cert.pem"));
        Files.writeString(site.file("both.pem"), both);
        Files.writeString(site.file("hosts"), hosts());
        var certificates = site.file("certificates");
        Tools.output(MINTER, "-c", "-s", certificates.toString(), "-M", MINTED_MAX);
        // Started by root, squid becomes another user, who needs its files.
        Tools.output("chmod", "-R", "a+rwX", site.directory().toString());
        var values = Map.of(
                "PORT", site.port(),
                "DIRECTORY", site.directory(),
                "ORIGIN_CA", site.origin().authority(),
                "BUMP", site.intercepts() ? bump(site) : "",
                "RULES", site.intercepts() ? "ssl_bump peek first\nssl_bump bump all" : "");
        var config = Tools.unpack("outbound/squid.conf", site.directory(), values);
        return List.of(List.of(PROGRAM, "-N", "-n", "bench" + site.port(), "-f", config.toString()));
    }

    private static String bump(Site site) {
        return "ssl-bump generate-host-certificates=on dynamic_cert_mem_cache_size=" + MINTED_MAX + " tls-cert="
                + site.file("both.pem");
    }

    /// It asks no resolver for these.
    private static String hosts() {
        return Names.all().map(name -> "127.0.0.1 " + name + "\n").collect(Collectors.joining());
    }

    @Override
    public Path authority(Site site) {
        return site.file("cert.pem");
    }
}
