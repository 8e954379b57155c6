package io.sallyport.bench.outbound;

import io.sallyport.bench.Certificate;
import io.sallyport.bench.Tools;
import io.sallyport.kit.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// One worker, without a cache of bodies; `ssl_bump` after a look at the name. Or two, one behind the other: what is
/// paid for a hop inside the sandbox and one outside.
final class Squid implements Subject {
    private static final String PROGRAM = "/usr/sbin/squid";
    private static final String MINTER = "/usr/lib/squid/security_file_certgen";
    private static final String MINTED_MAX = "16MB";
    private static final int STATUS_BYTES = "HTTP/1.1 200".length();
    private static final Duration SETTLED_MAX = Duration.ofSeconds(20);
    private static final Duration TRY_AGAIN = Duration.ofMillis(200);

    private final boolean twice;

    private Squid(boolean twice) {
        this.twice = twice;
    }

    static Squid alone() {
        return new Squid(false);
    }

    /// A second one in front, which passes everything on.
    static Squid twice() {
        return new Squid(true);
    }

    @Override
    public String name() {
        return twice ? "squid_twice" : "squid";
    }

    /// Two of them pass nothing of a body that is read slowly on for longer than the load waits.
    @Override
    public boolean takesPart(OutboundWorkload workload) {
        return !twice || workload != OutboundWorkload.SLOW;
    }

    /// A parent is looked at when it is first wanted, and that tunnel fails.
    @Override
    public void settle(Site site) throws IOException {
        var until = Deadline.after(SETTLED_MAX);
        while (twice && !connects(site)) {
            if (until.passed()) {
                throw new IOException("no tunnel through two squids within " + SETTLED_MAX);
            }
            LockSupport.parkNanos(TRY_AGAIN.toNanos());
        }
    }

    private static boolean connects(Site site) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), site.port())) {
            var origin = "origin." + Names.DOMAIN + ":" + site.origin().port();
            socket.getOutputStream()
                    .write(("CONNECT " + origin + " HTTP/1.1\r\nHost: " + origin + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readNBytes(STATUS_BYTES), StandardCharsets.US_ASCII);
            return answer.endsWith("200");
        }
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
        Tools.output(MINTER, "-c", "-s", site.file("certificates").toString(), "-M", MINTED_MAX);
        var commands = new ArrayList<List<String>>();
        var bump = site.intercepts() ? bump(site) : "";
        var rules = site.intercepts() ? "ssl_bump peek first\nssl_bump bump all" : "";
        if (twice) {
            commands.add(command(site, "behind", site.innerPort(), bump, rules, ""));
            var parent = "cache_peer 127.0.0.1 parent " + site.innerPort() + " 0 no-query default\n"
                    + "never_direct allow all";
            commands.add(command(site, "front", site.port(), "", "", parent));
        } else {
            commands.add(command(site, "alone", site.port(), bump, rules, ""));
        }
        // Started by root, squid becomes another user, who needs its files.
        Tools.output("chmod", "-R", "a+rwX", site.directory().toString());
        return commands;
    }

    private static List<String> command(Site site, String place, int port, String bump, String rules, String parent)
            throws IOException {
        var values = Map.of(
                "PORT", port,
                "DIRECTORY", site.directory(),
                "PLACE", place,
                "ORIGIN_CA", site.origin().authority(),
                "BUMP", bump,
                "RULES", rules,
                "PARENT", parent);
        var config = Tools.unpack("outbound/squid.conf", Files.createDirectory(site.file(place)), values);
        return List.of(PROGRAM, "-N", "-n", "bench" + port, "-f", config.toString());
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
