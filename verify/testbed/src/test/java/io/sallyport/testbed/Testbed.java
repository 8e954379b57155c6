package io.sallyport.testbed;

import io.sallyport.app.Platform;
import io.sallyport.app.PlatformConfig;
import io.sallyport.gateway.GatewayConfig;
import io.sallyport.gateway.admit.AccessLimits;
import io.sallyport.gateway.forward.ForwardLimits;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.Closer;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.RpcClient;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// One running platform for all tests of this module, on ports and in a home of its own, made by the first that
/// asks.
///
/// - **Threads**: any.
/// - **Closes**: when the JVM ends, with every sandbox it still has.
final class Testbed {
    private static final Duration HOLD = Duration.ofSeconds(3);
    /// No browser takes a name that ends so for a local one, as it does `localhost`.
    static final String OTHER_DOMAIN = "preview.test";

    static final String E2B_DOMAIN = "e2b.test";
    static final int RESERVED_PORT = 2375;

    private static final Path OUTPUT = Path.of("target", "seen");

    private static final Testbed INSTANCE = start();

    private final Platform platform;
    private final Path home;
    private final int port;
    private final ConcurrentLinkedQueue<Sandbox> created = new ConcurrentLinkedQueue<>();

    private Testbed(Platform platform, Path home, int port) {
        this.platform = platform;
        this.home = home;
        this.port = port;
    }

    static Testbed get() {
        return INSTANCE;
    }

    /// A sandbox and what opens it.
    record Sandbox(SandboxId id, String token) {
        String host(int appPort) {
            return host(appPort, "localhost");
        }

        String host(int appPort, String domain) {
            return appPort + "-" + id + "." + domain;
        }
    }

    /// How a command ended, and what it wrote.
    record Result(String out, String err, int code) {}

    private static Testbed start() {
        try {
            var home = Files.createTempDirectory("sallyport-testbed");
            int port = freePort();
            var domain = "localhost:" + port;
            var config = new PlatformConfig(
                    home,
                    domain,
                    Optional.empty(),
                    Optional.of(new PlatformConfig.LocalAgent("runc", guestImage(), List.of(Loopback.v4(0)))),
                    Optional.of(gateway(home, port)),
                    Optional.empty());
            var testbed = new Testbed(Platform.start(config, part -> {}, new Closer()), home, port);
            Runtime.getRuntime().addShutdownHook(new Thread(testbed::stop));
            return testbed;
        } catch (Exception e) {
            throw new IllegalStateException("the testbed needs root and runc (bin/setup --test): " + e.getMessage(), e);
        }
    }

    private static GatewayConfig gateway(Path home, int port) {
        return new GatewayConfig(
                List.of(Loopback.v4(port), Loopback.v6(port)),
                Map.of("localhost", Dialect.STANDARD, OTHER_DOMAIN, Dialect.STANDARD, E2B_DOMAIN, Dialect.E2B),
                List.of(),
                Set.of(new Port(RESERVED_PORT)),
                HttpServer.Config.DEFAULT,
                AccessLimits.DEFAULT,
                new ForwardLimits(
                        Duration.ofSeconds(2),
                        HOLD,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(4)),
                Optional.of(Loopback.v4(0)),
                Optional.of(home.resolve("access.log")));
    }

    private void stop() {
        created.forEach(this::kill);
        platform.close();
        HostTruth.removeTree(home);
    }

    static Path guestImage() {
        return Path.of(System.getProperty("sallyport.guest.image", "../../guest/daemon/target/guest"))
                .toAbsolutePath()
                .normalize();
    }

    static int freePort() throws IOException {
        try (var socket = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            return socket.socket().getLocalPort();
        }
    }

    /// Where tests leave what a person may want to look at.
    static Path output(String name) throws IOException {
        Files.createDirectories(OUTPUT);
        return OUTPUT.resolve(name);
    }

    Path home() {
        return home;
    }

    int port() {
        return port;
    }

    InetSocketAddress address() {
        return platform.address();
    }

    /// Path mode of the agent.
    InetSocketAddress pathAddress() {
        return platform.pathAddress();
    }

    InetSocketAddress metricsAddress() {
        return platform.metricsAddress().orElseThrow();
    }

    String key() {
        return platform.credentials().key().text();
    }

    /// Sends a request of the API and reads the whole answer.
    Http.Answer api(String method, String path, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        return http().send(method + " " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nX-API-Key: " + key()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n" + json);
    }

    Http http() {
        return new Http(address());
    }

    Sandbox create() {
        return create("{\"templateID\":\"base\",\"timeout\":600}");
    }

    Sandbox create(String json) {
        var answer = api("POST", "/v2/sandboxes", json);
        if (answer.status() != 201) {
            throw new IllegalStateException("create: " + answer);
        }
        var sandbox = new Sandbox(new SandboxId(answer.json("sandboxID")), answer.json("envdAccessToken"));
        created.add(sandbox);
        return sandbox;
    }

    void kill(Sandbox sandbox) {
        api("DELETE", "/sandboxes/" + sandbox.id(), "");
    }

    /// Requests a path of an app in the sandbox.
    Http.Answer get(Sandbox sandbox, int appPort, String target) {
        return http().get(sandbox.host(appPort), target);
    }

    RpcClient rpc(Sandbox sandbox, String user) {
        var headers = Headers.of(
                "Host",
                "localhost",
                GuestHeaders.SANDBOX_ID,
                sandbox.id().text(),
                GuestHeaders.SANDBOX_PORT,
                "49983",
                GuestHeaders.ACCESS_TOKEN,
                sandbox.token(),
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString((user + ":").getBytes(StandardCharsets.UTF_8)));
        return new RpcClient(() -> SocketConnection.of(SocketChannel.open(address())), headers);
    }

    /// Runs a command as `user` and waits for its end.
    Result exec(Sandbox sandbox, String... command) {
        return exec(sandbox, "user", List.of(command));
    }

    Result sh(Sandbox sandbox, String script) {
        return exec(sandbox, "user", List.of("/bin/sh", "-c", script));
    }

    Result exec(Sandbox sandbox, String user, List<String> command) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int[] code = {Integer.MIN_VALUE};
        var config = new ProcessConfig(command.getFirst(), command.subList(1, command.size()), Map.of(), null);
        try {
            rpc(sandbox, user)
                    .streaming(
                            ProcessApi.START, new StartRequest(config, null, false), StartResponse.class, response -> {
                                var event = response.event();
                                if (event != null && event.data() != null) {
                                    if (event.data().stdout() != null) {
                                        out.writeBytes(event.data().stdout());
                                    }
                                    if (event.data().stderr() != null) {
                                        err.writeBytes(event.data().stderr());
                                    }
                                }
                                if (event != null && event.end() != null) {
                                    code[0] = event.end().exitCode();
                                }
                            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RpcException e) {
            throw new IllegalStateException(e.code() + ": " + e.getMessage(), e);
        }
        return new Result(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), code[0]);
    }

    /// Puts a file into the sandbox.
    void put(Sandbox sandbox, String path, String content) {
        var answer = guest(
                sandbox,
                "POST",
                "/files?path=" + path,
                "application/octet-stream",
                new String(content.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        if (answer.status() != 200) {
            throw new IllegalStateException("put " + path + ": " + answer);
        }
    }

    /// Puts a file of this machine into the sandbox.
    void put(Sandbox sandbox, String path, Path file) throws IOException {
        try (var client = http().open();
                var content = Files.newInputStream(file)) {
            var out = client.getOutputStream();
            out.write(("POST /files?path=" + path + " HTTP/1.1\r\nHost: " + sandbox.host(49983) + "\r\nX-Access-Token: "
                            + sandbox.token() + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                            + Files.size(file) + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            content.transferTo(out);
            var answer = Http.read(client.getInputStream(), false);
            if (answer.status() != 200) {
                throw new IllegalStateException("put " + path + ": " + answer);
            }
        }
    }

    /// A request to the guest daemon, with the access token.
    Http.Answer guest(Sandbox sandbox, String method, String target, String type, String body) {
        var bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        return http().send(method + " " + target + " HTTP/1.1\r\nHost: " + sandbox.host(49983) + "\r\nX-Access-Token: "
                + sandbox.token() + "\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length
                + "\r\nConnection: close\r\n\r\n" + body);
    }

    /// Starts a command that goes on when nobody follows it.
    void startDetached(Sandbox sandbox, String... command) {
        var script =
                "setsid " + String.join(" ", command) + " > /tmp/" + command[0] + ".log 2>&1 < /dev/null & echo $!";
        var result = sh(sandbox, script);
        if (result.code() != 0) {
            throw new IllegalStateException("start: " + result);
        }
    }

    /// Waits until something is true; the test fails when it does not become so.
    static void eventually(Duration wait, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + wait.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + wait.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
