package io.sallyport.control.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.sallyport.control.api.AccessMessages.PortWish;
import io.sallyport.control.route.RouteService;
import io.sallyport.control.rpc.Hosts;
import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.control.store.LinkStore;
import io.sallyport.control.store.PortStore;
import io.sallyport.control.store.PortStore.StoredPort;
import io.sallyport.kit.Port;
import io.sallyport.rpc.host.HostException;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.HeaderProfile.Host;
import io.sallyport.rpc.route.HeaderProfile.Origin;
import io.sallyport.rpc.route.Route.Visibility;
import io.sallyport.wire.dial.Listening;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The ports of a sandbox: what listens, who may reach it, what it is told, and links that open it.
final class PortRoutes {
    private static final int LINK_DAYS_MAX = 30;
    private static final int LINK_SECONDS_DEFAULT = 3600;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?");

    private final Function<Context, Sandbox> required;
    private final Hosts hosts;
    private final PortStore ports;
    private final LinkStore links;
    private final RouteService routes;
    private final Presenter presenter;

    /// @param required finds the sandbox of the path, or ends the request
    PortRoutes(
            Function<Context, Sandbox> required,
            Hosts hosts,
            PortStore ports,
            LinkStore links,
            RouteService routes,
            Presenter presenter) {
        this.required = required;
        this.hosts = hosts;
        this.ports = ports;
        this.links = links;
        this.routes = routes;
        this.presenter = presenter;
    }

    void addTo(RoutesConfig to) {
        to.get("/sallyport/sandboxes/{id}/ports", this::list);
        to.put("/sallyport/sandboxes/{id}/ports/{port}", this::set);
        to.delete("/sallyport/sandboxes/{id}/ports/{port}", this::reset);
        to.get("/sallyport/sandboxes/{id}/links", this::listLinks);
        to.post("/sallyport/sandboxes/{id}/links", this::share);
        to.delete("/sallyport/sandboxes/{id}/links/{link}", this::revoke);
    }

    private void list(Context context) throws HostException {
        var sandbox = required.apply(context);
        var listening = sandbox.state() == SandboxState.RUNNING
                ? hosts.at(sandbox.host()).listening(sandbox.id()).sockets()
                : List.<Listening.Socket>of();
        var stored = ports.of(sandbox.id()).stream().collect(Collectors.toMap(StoredPort::port, Function.identity()));
        Set<Integer> all = new TreeSet<>(stored.keySet());
        listening.forEach(socket -> all.add(socket.port()));
        Json.answer(
                context,
                200,
                all.stream()
                        .map(port -> shown(
                                sandbox,
                                port,
                                listening.stream()
                                        .filter(socket -> socket.port() == port)
                                        .toList(),
                                stored.get(port)))
                        .toList());
    }

    private static AccessMessages.Port shown(
            Sandbox sandbox, int port, List<Listening.Socket> sockets, @Nullable StoredPort stored) {
        var wished = stored == null ? null : stored.visibility();
        boolean open = wished == null ? sandbox.access().isPublic() : wished == Visibility.PUBLIC;
        var known = stored == null || stored.profile() == null ? HeaderProfile.KEEP : stored.profile();
        var process = sockets.isEmpty() ? "" : sockets.getFirst().process();
        var last = stored == null ? "" : stored.lastOutcome();
        boolean daemon = port == Port.GUEST.number();
        return new AccessMessages.Port(
                port,
                sockets.stream().map(Listening.Socket::address).toList(),
                process,
                ProtocolGuess.of(port, process, last),
                daemon ? "token" : open ? "public" : "private",
                known.host() == Host.CUSTOM ? known.customHost() : lower(known.host()),
                lower(known.origin()),
                known.pinned() ? "pinned" : known.reason(),
                stored == null ? 0 : stored.exchanges(),
                stored == null ? 0 : stored.failed(),
                last,
                stored == null || stored.activeAt() == null
                        ? null
                        : stored.activeAt().truncatedTo(ChronoUnit.MILLIS).toString());
    }

    private void set(Context context) {
        var sandbox = required.apply(context);
        var port = port(context.pathParam("port"));
        var wish = Json.body(context, PortWish.class);
        var visibility = wish.visibility() == null ? null : constant("visibility", wish.visibility(), Visibility.class);
        if (port.equals(Port.GUEST)) {
            throw new ApiException(400, "port: " + port + " (expected: another; the guest daemon's is never public)");
        }
        ports.set(sandbox.id(), port, visibility, profile(wish));
        context.status(204);
    }

    private void reset(Context context) {
        ports.set(required.apply(context).id(), port(context.pathParam("port")), null, null);
        context.status(204);
    }

    /// A wish pins the profile; without one it stays to be found out.
    private static @Nullable HeaderProfile profile(PortWish wish) {
        if (wish.host() == null && wish.origin() == null) {
            return null;
        }
        var origin = wish.origin() == null ? Origin.KEEP : constant("origin", wish.origin(), Origin.class);
        var said = wish.host() == null ? "keep" : wish.host();
        return switch (said) {
            case "keep" -> new HeaderProfile(Host.KEEP, "", origin, true, "");
            case "loopback" -> new HeaderProfile(Host.LOOPBACK, "", origin, true, "");
            default -> {
                if (!HOST.matcher(said).matches()) {
                    throw new ApiException(
                            400, "host: " + said + " (expected: keep, loopback, or a host or host:port)");
                }
                yield new HeaderProfile(Host.CUSTOM, said, origin, true, "");
            }
        };
    }

    private void share(Context context) {
        var sandbox = required.apply(context);
        var wanted = Json.body(context, AccessMessages.NewLink.class);
        var port = port(String.valueOf(wanted.port()));
        if (port.equals(Port.GUEST)) {
            throw new ApiException(400, "port: " + port + " (expected: another; the guest daemon's is never shared)");
        }
        int seconds = wanted.seconds() == null ? LINK_SECONDS_DEFAULT : wanted.seconds();
        long most = Duration.ofDays(LINK_DAYS_MAX).toSeconds();
        if (seconds < 1 || seconds > most) {
            throw new ApiException(400, "seconds: " + seconds + " (expected: 1-" + most + ")");
        }
        var expiresAt = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
        var token = routes.share(sandbox.id(), port, expiresAt);
        Json.answer(
                context,
                201,
                new AccessMessages.MadeLink(
                        token.split("\\.", -1)[1],
                        port.number(),
                        expiresAt.toString(),
                        presenter.url(sandbox, port) + "/?sallyport-access=" + token));
    }

    private void listLinks(Context context) {
        var sandbox = required.apply(context);
        Json.answer(
                context,
                200,
                links.of(sandbox.id(), Instant.now()).stream()
                        .map(link -> new AccessMessages.Link(
                                link.id(),
                                link.port().number(),
                                link.createdAt().toString(),
                                link.expiresAt().toString()))
                        .toList());
    }

    private void revoke(Context context) {
        var sandbox = required.apply(context);
        if (!links.revoke(sandbox.id(), context.pathParam("link"))) {
            throw new ApiException(404, "link " + context.pathParam("link") + ": there is none, or it is revoked");
        }
        context.status(204);
    }

    private static Port port(String text) {
        return Port.parse(text)
                .orElseThrow(() -> new ApiException(400, "port: " + text + " (expected: 1-65535, no leading zeros)"));
    }

    private static <E extends Enum<E>> E constant(String field, String text, Class<E> type) {
        for (var constant : type.getEnumConstants()) {
            if (lower(constant).equals(text)) {
                return constant;
            }
        }
        var expected = Arrays.stream(type.getEnumConstants())
                .map(PortRoutes::lower)
                .filter(word -> !word.equals("custom"))
                .collect(Collectors.joining(", "));
        throw new ApiException(400, field + ": " + text + " (expected: " + expected + ")");
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
