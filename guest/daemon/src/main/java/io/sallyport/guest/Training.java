package io.sallyport.guest;

import io.sallyport.guest.boot.Accounts;
import io.sallyport.guest.outbound.Outbound;
import io.sallyport.relay.boot.RelayBoot;
import io.sallyport.relay.boot.RelayConfig;
import io.sallyport.relay.boot.RelayState;
import io.sallyport.rpc.RpcClient;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.egress.EgressVariables;
import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.rpc.guest.InitRequest;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// One of each request, served to itself: what the AOT cache then holds is what every start needs.
final class Training {
    private static final String TOKEN = "training";
    private static final Headers HEADERS = Headers.of("Host", "training", GuestHeaders.ACCESS_TOKEN, TOKEN);

    private Training() {}

    static void run() throws IOException {
        var directory = Files.createTempDirectory("training");
        try (var gateway = new TrainingGateway();
                var relay = relay(directory, gateway);
                var guest = Guest.start(0, new Accounts(), relay)) {
            guest.startOutbound();
            guest.open();
            get(guest.port(), "/health");
            init(guest.port());
            get(guest.port(), "/files?path=/etc/passwd");
            var rpc = new RpcClient(() -> dial(guest.port()), HEADERS);
            var command = new ProcessConfig("/bin/sh", List.of("-c", "echo out; echo err >&2"), Map.of(), "/");
            rpc.streaming(
                    ProcessApi.START, new StartRequest(command, null, false), StartResponse.class, response -> {});
            get(guest.port(), Outbound.STATUS);
            if (!(relay.state() instanceof RelayState.Enabled)) {
                throw new IOException("training: the relay: " + relay.state().why());
            }
        } catch (RpcException e) {
            throw new IOException("training: " + e.getMessage(), e);
        } finally {
            delete(directory);
        }
    }

    /// A relay that comes up as one in a sandbox does.
    private static RelayBoot relay(Path directory, TrainingGateway gateway) throws IOException {
        var config = RelayConfig.in(directory);
        Files.writeString(config.tokenFile(), TOKEN);
        Files.setPosixFilePermissions(config.tokenFile(), PosixFilePermissions.fromString("rw-------"));
        var variables = Map.of(
                EgressVariables.REMOTE, "1",
                EgressVariables.UPSTREAM_PROXY, "1",
                EgressVariables.TRANSPARENT, "1",
                EgressVariables.SESSION_ID, "training",
                EgressVariables.URL, gateway.url());
        return new RelayBoot(config, variables, stop -> {});
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static void init(int port) throws IOException {
        byte[] json = RecordJson.write(new InitRequest(TOKEN, Map.of("A", "b"), "root", null));
        try (var connection = dial(port)) {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            try (var body =
                    http.send(RequestHead.of("POST", InitRequest.PATH, HEADERS), new Framing.Length(json.length))) {
                body.write(json);
            }
            http.readHead();
        }
    }

    private static void get(int port, String target) throws IOException {
        try (var connection = dial(port)) {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            http.send(RequestHead.of("GET", target, HEADERS), Framing.NONE).close();
            http.body(Framing.of(http.readHead(), "GET")).readAllBytes();
        }
    }

    private static SocketConnection dial(int port) throws IOException {
        return SocketConnection.of(SocketChannel.open(Loopback.v4(port)));
    }
}
