package io.sallyport.bench.inbound;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sallyport.bench.Proc;
import io.sallyport.bench.Tools;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What WebSockets cost that are open and say nothing: memory of the gateway, each with one byte there and back
/// at its beginning and its end.
///
/// - **Limits**: as many as [#WANTED], or as the descriptors of a process allow: the gateway needs two for
///   each.
public final class IdleBench {
    private static final int WANTED = 20_000;
    private static final int DESCRIPTORS_RESERVED = 1_500;
    private static final int SETTLE_SECONDS = 3;
    private static final int WAIT_MS = 20_000;
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private final List<Socket> clients = new ArrayList<>();

    /// Measures, and tells on standard error how far it is. Figures by key.
    public Map<String, Double> run() throws IOException {
        var home = Files.createTempDirectory("sallyport-bench");
        try (var backend = new ServerSocket()) {
            backend.bind(Loopback.v4(0), WANTED);
            Thread.ofVirtual().start(() -> accept(backend));
            var site = Site.of(home, home, backend.getLocalPort(), SandboxId.random());
            var gateway = new ProcessBuilder(new Sallyport(false).commands(site).getFirst())
                    .inheritIO()
                    .start();
            try {
                return measure(site, gateway);
            } finally {
                for (var client : clients) {
                    client.close();
                }
                gateway.destroy();
                Tools.output("rm", "-rf", home.toString());
            }
        }
    }

    private Map<String, Double> measure(Site site, Process gateway) throws IOException {
        open(site, 100);
        settle();
        double before = rssMib(gateway);
        int count = affordable();
        open(site, count);
        settle();
        double after = rssMib(gateway);
        for (var client : clients) {
            echo(client);
        }
        var figures = new LinkedHashMap<String, Double>();
        double each = (after - before) * 1024 / (count - 100);
        figures.put("idle.sallyport.connections_count", (double) count);
        figures.put("idle.sallyport.rss_mib", after);
        figures.put("idle.sallyport.kib_per_connection", each);
        figures.put("idle.sallyport.rss_of_20000_mib", before + each * WANTED / 1024);
        return figures;
    }

    private static int affordable() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(WANTED, (unix.getMaxFileDescriptorCount() - DESCRIPTORS_RESERVED) / 2)
                : WANTED;
    }

    private void open(Site site, int upTo) throws IOException {
        var request = ("GET /idle HTTP/1.1\r\nHost: " + site.host()
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        while (clients.size() < upTo) {
            var client = connect(site);
            clients.add(client);
            client.getOutputStream().write(request);
            var head = new String(client.getInputStream().readNBytes(SWITCHED.length()), StandardCharsets.US_ASCII);
            if (!head.equals(SWITCHED)) {
                throw new IOException("no WebSocket: " + head);
            }
            echo(client);
            if (clients.size() % 1_000 == 0) {
                System.err.println("idle: " + clients.size() + " open");
            }
        }
    }

    /// The gateway may still be starting.
    private static Socket connect(Site site) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (true) {
            try {
                var client = new Socket();
                client.connect(Loopback.v4(site.port()), WAIT_MS);
                client.setSoTimeout(WAIT_MS);
                client.setTcpNoDelay(true);
                return client;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static void echo(Socket client) throws IOException {
        client.getOutputStream().write('x');
        if (client.getInputStream().read() != 'x') {
            throw new IOException("a WebSocket does not answer any more");
        }
    }

    private static void settle() {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
    }

    private static double rssMib(Process gateway) throws IOException {
        return Proc.memoryMiB(gateway.pid(), "status", "VmRSS");
    }

    private static void accept(ServerSocket backend) {
        try {
            while (true) {
                var app = backend.accept();
                Thread.ofVirtual().start(() -> serve(app));
            }
        } catch (IOException e) {
            // The measurement is over.
        }
    }

    private static void serve(Socket app) {
        try (app) {
            var in = app.getInputStream();
            int lines = 0;
            while (lines < 4) { // the four bytes that end a head
                int b = in.read();
                lines = b == (lines % 2 == 0 ? '\r' : '\n') ? lines + 1 : b == '\r' ? 1 : 0;
            }
            app.getOutputStream().write(SWITCHED.getBytes(StandardCharsets.US_ASCII));
            in.transferTo(app.getOutputStream());
        } catch (IOException e) {
            // The client has gone.
        }
    }
}
