package io.sallyport.relay.boot;

import io.sallyport.kit.AtomicFile;
import io.sallyport.kit.Closer;
import io.sallyport.kit.Deadline;
import io.sallyport.relay.boot.RelayStatus.Outcome;
import io.sallyport.relay.boot.Steps.FailedException;
import io.sallyport.relay.boot.Steps.Note;
import io.sallyport.relay.env.Environment;
import io.sallyport.relay.transparent.DnsAnswerer;
import io.sallyport.relay.transparent.NameCheck;
import io.sallyport.relay.transparent.NameTable;
import io.sallyport.relay.transparent.Transparent;
import io.sallyport.relay.tunnel.Tunnels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One start of the relay, from the token on.
///
/// - **Threads**: [#run()] is called once; the rest is asked from any.
/// - **Closes**: [#close()] closes all that was opened, also after a step failed.
final class Attempt implements AutoCloseable {
    private static final int RELAY_TOKEN_BYTES = 32;

    private final RelayConfig config;
    private final Gates.Open gates;
    private final Steps steps;
    private final Proxy.Starter proxies;
    private final Supplier<byte[]> status;
    private final Consumer<Runnable> atExit;
    private final Closer closer = new Closer();
    private volatile @Nullable Proxy proxy;
    private volatile boolean transparent;
    private volatile boolean resolver;

    Attempt(
            RelayConfig config,
            Gates.Open gates,
            Steps steps,
            Proxy.Starter proxies,
            Supplier<byte[]> status,
            Consumer<Runnable> atExit) {
        this.config = config;
        this.gates = gates;
        this.steps = steps;
        this.proxies = proxies;
        this.status = status;
        this.atExit = atExit;
    }

    RelayState run() throws FailedException {
        var found = steps.run(Step.TOKEN, this::token);
        if (found.isEmpty()) {
            return new RelayState.Off("no session token in " + config.tokenFile(), Map.of());
        }
        var file = found.get().file();
        var token = found.get().token();
        steps.note(Step.GUARD, () -> Guard.raise().map(Note::failed).orElse(Note.OK));
        var gateway = new GatewayClient(gates.gateway());
        steps.note(Step.CA, () -> trust(gateway));
        var listening = steps.run(Step.LISTEN, () -> listen(gateway, token));
        steps.note(Step.TRANSPARENT, () -> gates.transparent() ? redirect(listening, gateway, token) : Note.SKIPPED);
        steps.run(Step.CANARIES, () -> {
            Canaries.probe(listening.port(), Deadline.after(config.canaryWait()));
            return listening;
        });
        steps.run(Step.CLEANUP, () -> {
            atExit.accept(closer::close);
            return listening;
        });
        steps.note(Step.UNLINK, () -> unlink(file));
        var environment = steps.run(
                Step.ENVIRONMENT, () -> Environment.of(listening.port(), config.caBundle(), config.trustStore()));
        return new RelayState.Enabled(listening.port(), config.caBundle(), config.caFile(), resolver, environment);
    }

    private record Found(TokenFile file, Token token) {}

    /// Empty where there is none and none is required.
    private Optional<Found> token() throws IOException {
        var file = TokenFile.open(config.tokenFile());
        file.ifPresent(closer::register);
        var token = file.isPresent() ? file.get().read() : Optional.<Token>empty();
        token.ifPresent(closer::register);
        if (token.isEmpty() && gates.required()) {
            throw new IOException(config.tokenFile() + ": absent or empty (expected: the session token)");
        }
        return token.map(t -> new Found(file.orElseThrow(), t));
    }

    private Note trust(GatewayClient gateway) throws IOException {
        var pem = Trust.download(gateway, Deadline.after(config.caWait()));
        OwnDirectory.ensure(config.directory());
        Trust.install(pem, config.systemBundle(), config.caBundle(), config.trustStore());
        AtomicFile.write(config.caFile(), pem, AtomicFile.PUBLIC);
        if (config.trustForTheSystem()) {
            try {
                Trust.installForTheSystem(config.caBundle(), config.systemBundle());
            } catch (IOException e) { // such as a template whose /etc cannot be written
                return new Note(Outcome.OK, "not trusted by " + config.systemBundle() + ": " + e.getMessage());
            }
        }
        return Note.OK;
    }

    private Proxy listen(GatewayClient gateway, Token token) throws IOException {
        var random = new byte[RELAY_TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        var relayToken = HexFormat.of().formatHex(random);
        AtomicFile.write(config.relayToken(), relayToken.getBytes(StandardCharsets.US_ASCII), AtomicFile.PRIVATE);
        var started = closer.register(
                proxies.start(gates.sessionId(), gateway, token, config.proxyPort(), relayToken, status));
        proxy = started;
        return started;
    }

    /// Each listener on its own: where one port is taken, the other may still help.
    private Note redirect(Proxy listening, GatewayClient gateway, Token token) {
        var names = new NameTable(System::nanoTime);
        var check = new NameCheck(new GatewayNames(gateway, token)::ask, System::nanoTime);
        try {
            closer.register(Transparent.start(config.transparentPort(), names, listening.redirected()));
            transparent = true;
        } catch (IOException e) {
            return Note.failed("port " + config.transparentPort() + ": " + e.getMessage());
        }
        try {
            closer.register(DnsAnswerer.start(config.dnsPort(), check::of, names));
            resolver = true;
        } catch (IOException e) {
            return Note.failed("port " + config.dnsPort() + ": " + e.getMessage());
        }
        return Note.OK;
    }

    /// A file that cannot be removed is told, and the relay runs.
    private Note unlink(TokenFile file) {
        try (file) {
            return switch (file.remove()) {
                case REMOVED -> Note.OK;
                case GONE -> new Note(Outcome.SKIPPED, "somebody else removed the token's file");
                case REPLACED -> Note.failed("another file is where the token's was, and stays");
            };
        } catch (IOException e) {
            return Note.failed(String.valueOf(e.getMessage()));
        }
    }

    /// Of the proxy; 0 where there is none.
    int port() {
        var current = proxy;
        return current == null ? 0 : current.port();
    }

    boolean transparent() {
        return transparent;
    }

    boolean resolver() {
        return resolver;
    }

    Tunnels.@Nullable State tunnels() {
        var current = proxy;
        return current == null ? null : current.tunnels();
    }

    List<RelayStatus.Failure> recentFailures() {
        var current = proxy;
        return current == null ? List.of() : current.recentFailures();
    }

    @Override
    public void close() {
        closer.close();
    }
}
