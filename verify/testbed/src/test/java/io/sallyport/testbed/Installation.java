package io.sallyport.testbed;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.RpcClient;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.net.SocketConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What somebody with an API key can do with a running platform, through its gateway.
///
/// - **Threads**: any.
abstract class Installation {
    private final ConcurrentLinkedQueue<Sandbox> created = new ConcurrentLinkedQueue<>();

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

    /// Where the gateway listens.
    abstract InetSocketAddress address();

    abstract String key();

    /// Sends a request of the API and reads the whole answer.
    Http.Answer api(String method, String path, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        return http().send(method + " " + path + " HTTP/1.1\r\nHost: localhost:"
                + address().getPort() + "\r\nX-API-Key: " + key()
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

    /// Ends every sandbox that was made here.
    final void killAll() {
        created.forEach(this::kill);
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

    /// Starts a command that goes on when nobody follows it, and gives its pid in the sandbox.
    String startDetached(Sandbox sandbox, String... command) {
        var script =
                "setsid " + String.join(" ", command) + " > /tmp/" + command[0] + ".log 2>&1 < /dev/null & echo $!";
        var result = sh(sandbox, script);
        if (result.code() != 0) {
            throw new IllegalStateException("start: " + result);
        }
        return result.out().strip();
    }
}
