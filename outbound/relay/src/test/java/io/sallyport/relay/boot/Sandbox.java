package io.sallyport.relay.boot;

import io.sallyport.rpc.egress.EgressVariables;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What a relay finds in a sandbox: directory, token, gateway, environment.
final class Sandbox implements AutoCloseable {
    static final String TOKEN = "session-token-do-not-print";
    static final Duration CA_WAIT = Duration.ofMillis(800);

    final FakeGateway gateway;
    final FakeProxy.All proxies = new FakeProxy.All();
    final Map<String, String> variables = new HashMap<>();
    final RelayConfig config;
    final List<Runnable> atExit = new ArrayList<>();
    volatile Consumer<Step> before = step -> {};

    Sandbox(Path directory) throws IOException {
        gateway = new FakeGateway(0);
        config = new RelayConfig(
                directory.resolve("session_token"),
                directory,
                directory.resolve("system.crt"),
                true,
                0,
                0,
                0,
                CA_WAIT,
                Duration.ofSeconds(5));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        variables.put(EgressVariables.REMOTE, "1");
        variables.put(EgressVariables.UPSTREAM_PROXY, "1");
        variables.put(EgressVariables.SESSION_ID, "cl-session");
        variables.put(EgressVariables.URL, "http://127.0.0.1:" + gateway.port());
        writeToken();
    }

    void writeToken() throws IOException {
        Files.writeString(config.tokenFile(), TOKEN + "\n");
        Files.setPosixFilePermissions(config.tokenFile(), PosixFilePermissions.fromString("rw-------"));
    }

    boolean tokenIsThere() {
        return Files.exists(config.tokenFile());
    }

    RelayBoot boot() {
        return new RelayBoot(
                config,
                variables,
                (session, gateway, token, port, relayToken, status) -> proxies.start(port),
                atExit::add,
                step -> before.accept(step));
    }

    static RelayStatus status(RelayBoot boot) throws JsonException {
        return RecordJson.read(boot.status(), RelayStatus.class);
    }

    @Override
    public void close() throws IOException {
        gateway.close();
    }
}
