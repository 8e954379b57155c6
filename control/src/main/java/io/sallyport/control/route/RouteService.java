package io.sallyport.control.route;

import io.sallyport.control.sandbox.AccessTokens;
import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.control.store.Changes;
import io.sallyport.control.store.KeyStore;
import io.sallyport.control.store.LinkStore;
import io.sallyport.control.store.PortStore;
import io.sallyport.control.store.SandboxStore;
import io.sallyport.control.tenant.ApiKey;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Credential;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.Opening;
import io.sallyport.rpc.route.PortTraffic;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.UndecidedException;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// Answers gateways from the database.
///
/// - **Threads**: any.
public final class RouteService implements Routes {
    private final SandboxStore sandboxes;
    private final PortStore ports;
    private final KeyStore keys;
    private final LinkStore links;
    private final AccessTokens tokens;
    private final Links signer;
    private final Changes changes;

    public RouteService(
            SandboxStore sandboxes,
            PortStore ports,
            KeyStore keys,
            LinkStore links,
            AccessTokens tokens,
            Changes changes) {
        this.sandboxes = sandboxes;
        this.ports = ports;
        this.keys = keys;
        this.links = links;
        this.tokens = tokens;
        this.signer = new Links(tokens.linkKey());
        this.changes = changes;
    }

    @Override
    public Optional<Route> find(SandboxId id) throws UndecidedException {
        return ask("route of " + id, () -> sandboxes.find(id).map(this::route));
    }

    private Route route(Sandbox sandbox) {
        var access = sandbox.access();
        var mask = access.maskHost().isEmpty()
                ? null
                : new HeaderProfile(
                        HeaderProfile.Host.CUSTOM,
                        access.maskHost(),
                        HeaderProfile.Origin.KEEP,
                        true,
                        "maskRequestHost");
        return new Route(
                sandbox.state() == SandboxState.RUNNING
                        ? Route.RUNNING
                        : sandbox.state().name().toLowerCase(Locale.ROOT),
                sandbox.host(),
                access.isPublic() ? Route.Visibility.PUBLIC : Route.Visibility.PRIVATE,
                sha256(tokens.traffic(sandbox.id())),
                mask,
                ports.rules(sandbox.id()));
    }

    @Override
    public Opening opens(SandboxId sandbox, Port port, Credential credential) throws UndecidedException {
        return ask("access to " + sandbox, () -> switch (credential.kind()) {
            case API_KEY -> opensAsTeam(sandbox, credential.text());
            case LINK -> opensAsLink(sandbox, port, credential.text());
        });
    }

    private Opening opensAsTeam(SandboxId sandbox, String text) {
        var team = ApiKey.parse(text).flatMap(key -> keys.teamOf(key.hash()));
        var owner = sandboxes.find(sandbox).map(Sandbox::team);
        return new Opening(
                team.isPresent() && owner.map(team.get().id()::equals).orElse(false), 0);
    }

    private Opening opensAsLink(SandboxId sandbox, Port port, String token) {
        return signer.read(token, sandbox, port, Instant.now())
                .filter(read ->
                        links.find(read.id()).filter(link -> !link.revoked()).isPresent())
                .map(read -> new Opening(true, read.expiresAt().getEpochSecond()))
                .orElse(Opening.CLOSED);
    }

    @Override
    public void learned(SandboxId sandbox, Port port, HeaderProfile profile) throws UndecidedException {
        ask("profile of " + sandbox, () -> {
            ports.learn(sandbox, port, profile);
            return profile;
        });
    }

    @Override
    public void report(List<PortTraffic> traffic) throws UndecidedException {
        ask("traffic", () -> {
            ports.add(traffic);
            return traffic;
        });
    }

    @Override
    public Closeable watch(Watcher watcher) {
        return changes.watch(watcher);
    }

    /// Makes a link and gives its token.
    public String share(SandboxId sandbox, Port port, Instant expiresAt) {
        var id = Links.newId();
        links.insert(id, sandbox, port, expiresAt);
        return signer.sign(id, sandbox, port, expiresAt);
    }

    /// A database that cannot be asked decides nothing.
    private static <T> T ask(String what, Supplier<T> question) throws UndecidedException {
        try {
            return Objects.requireNonNull(question.get());
        } catch (RuntimeException e) {
            throw new UndecidedException(what + ": " + e.getMessage(), e);
        }
    }

    private static String sha256(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
