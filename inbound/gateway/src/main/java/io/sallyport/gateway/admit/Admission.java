package io.sallyport.gateway.admit;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refusal;
import io.sallyport.gateway.page.Refused;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Credential;
import io.sallyport.rpc.route.Opening;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.Route.Visibility;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.UndecidedException;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.Lane;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Decides whether a request may reach a port.
///
/// ```
///   public port ──────────────────────────────▶ open
///   traffic token, API key, link's cookie ────▶ open
///   link in the address ── a person's browser ▶ cookie, and the address without it
///                       └─ a program ─────────▶ open
///   something that does not open ─────────────▶ 401
///   nothing ──────────────────────────────────▶ as if there were no such sandbox
/// ```
///
/// E2B's dialect says 403 to the last two, as E2B does, and so tells which sandboxes exist.
///
/// - **Threads**: any.
/// - **Limits**: answers of the control plane are kept for [#KEPT], at most [#ANSWERS_MAX]; a revocation
///   flushes them.
public final class Admission {
    private static final String API_KEY = "X-API-Key";
    private static final String TRAFFIC_TOKEN = "E2b-Traffic-Access-Token";
    private static final String E2B_MISSING =
            "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing";
    private static final String E2B_WRONG =
            "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid";
    private static final Duration KEPT = Duration.ofSeconds(60);
    private static final Duration KEPT_CLOSED = Duration.ofSeconds(2);
    private static final int ANSWERS_MAX = 50_000;
    private static final int CREDENTIAL_CHARS_MAX = 128;
    private static final Executor LOADERS = task -> Lane.fork("access", task);

    private final Routes routes;
    private final Set<Port> reserved;
    private final AsyncCache<Question, Answer> answers = Caffeine.newBuilder()
            .maximumSize(ANSWERS_MAX)
            .expireAfter(Expiry.<Question, Answer>writing((question, answer) -> answer.kept()))
            .executor(LOADERS)
            .buildAsync();

    /// An admission.
    ///
    /// @param reserved ports that are never public, whatever a sandbox says
    public Admission(Routes routes, Set<Port> reserved) {
        this.routes = routes;
        this.reserved = Set.copyOf(reserved);
    }

    private record Question(SandboxId sandbox, Port port, Credential credential) {}

    private record Answer(Opening opening, @Nullable UndecidedException failure) {
        Duration kept() {
            return failure != null ? Duration.ZERO : opening.open() ? KEPT : KEPT_CLOSED;
        }
    }

    /// Decides; asks the control plane where a credential is shown.
    ///
    /// @param route empty where there is no such sandbox, which is answered as a private one is
    public Access decide(RequestHead request, Destination.Sandbox to, Optional<Route> route) throws UndecidedException {
        var target = request.originForm();
        // The guest daemon asks for a token itself, and says no in the words its clients read.
        boolean daemon = to.port().equals(Port.GUEST);
        if (route.isPresent() && (daemon || isPublic(route.get(), to.port()))) {
            return new Access.Open(Tokens.withoutToken(target));
        }
        if (isPreflight(request)) {
            return new Access.Preflight(preflight(request, to));
        }
        var linked = Tokens.inTarget(target);
        boolean shown = linked.isPresent();
        if (linked.isPresent()) {
            var opening = ask(to, new Credential(Credential.Kind.LINK, linked.get()));
            if (opening.open() && route.isPresent()) {
                return Refusal.navigates(request)
                        ? new Access.Opened(redirect(request, Tokens.withoutToken(target), linked.get(), opening))
                        : new Access.Open(Tokens.withoutToken(target));
            }
        }
        var token = request.headers().first(TRAFFIC_TOKEN);
        if (token.isPresent()) {
            shown = true;
            if (route.isPresent() && matches(token.get(), route.get().trafficTokenHash())) {
                return new Access.Open(Tokens.withoutToken(target));
            }
        }
        for (var credential : credentials(request, to)) {
            shown = true;
            if (ask(to, credential).open()) {
                return route.isPresent()
                        ? new Access.Open(Tokens.withoutToken(target))
                        : new Access.Closed(Refused.because(Outcome.UNKNOWN_SANDBOX));
            }
        }
        return new Access.Closed(refused(to, route, shown));
    }

    private static Refused refused(Destination.Sandbox to, Optional<Route> route, boolean shown) {
        if (to.dialect() == Dialect.E2B && route.isPresent()) {
            return new Refused(Outcome.NO_ACCESS, shown ? E2B_WRONG : E2B_MISSING, List.of());
        }
        return Refused.because(shown ? Outcome.NO_ACCESS : Outcome.UNKNOWN_SANDBOX);
    }

    /// Forgets what credentials opened.
    public void flush() {
        answers.synchronous().invalidateAll();
    }

    private boolean isPublic(Route route, Port port) {
        return !reserved.contains(port) && route.visibilityOf(port.number()) == Visibility.PUBLIC;
    }

    private static List<Credential> credentials(RequestHead request, Destination.Sandbox to) {
        var found = new ArrayList<Credential>(2);
        request.headers().first(API_KEY).ifPresent(key -> found.add(new Credential(Credential.Kind.API_KEY, key)));
        if (!isOwnOrigin(request, to)) {
            return found; // The browser sends our cookie also for pages of other sandboxes, which are of the same site.
        }
        request.headers().all("Cookie").stream()
                .flatMap(cookies -> Tokens.inCookie(cookies).stream())
                .findFirst()
                .ifPresent(token -> found.add(new Credential(Credential.Kind.LINK, token)));
        return found;
    }

    private Opening ask(Destination.Sandbox to, Credential credential) throws UndecidedException {
        if (credential.text().length() > CREDENTIAL_CHARS_MAX) {
            return Opening.CLOSED;
        }
        var question = new Question(to.id(), to.port(), credential);
        var answer = answers.get(question, (q, executor) -> CompletableFuture.supplyAsync(() -> load(q), executor))
                .join();
        if (answer.failure() != null) {
            throw answer.failure();
        }
        var opening = answer.opening();
        boolean over = opening.untilEpochSeconds() > 0
                && opening.untilEpochSeconds() <= Instant.now().getEpochSecond();
        return over ? Opening.CLOSED : opening;
    }

    private Answer load(Question question) {
        try {
            return new Answer(routes.opens(question.sandbox(), question.port(), question.credential()), null);
        } catch (UndecidedException e) {
            return new Answer(Opening.CLOSED, e);
        }
    }

    private static boolean matches(String token, String hashHex) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.ISO_8859_1));
            return MessageDigest.isEqual(
                    HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII),
                    hashHex.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Whether a request comes from a page of this sandbox, on whatever port, or from none.
    private static boolean isOwnOrigin(RequestHead request, Destination.Sandbox to) {
        var origin = request.headers().first("Origin");
        return origin.isEmpty() || origin.get().endsWith("-" + to.id() + "." + to.site());
    }

    private static boolean isPreflight(RequestHead request) {
        return request.method().equals("OPTIONS")
                && request.headers().has("Origin")
                && request.headers().has("Access-Control-Request-Method");
    }

    private static Headers preflight(RequestHead request, Destination.Sandbox to) {
        var headers = new Headers.Builder(List.of())
                .add(
                        "Access-Control-Allow-Origin",
                        request.headers().first("Origin").orElse("*"))
                .add(
                        "Access-Control-Allow-Methods",
                        request.headers().first("Access-Control-Request-Method").orElse("GET"))
                .add("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
        // Others may show a key in a header; the cookie is for the sandbox's own pages.
        if (isOwnOrigin(request, to)) {
            headers.add("Access-Control-Allow-Credentials", "true");
        }
        request.headers()
                .first("Access-Control-Request-Headers")
                .ifPresent(names -> headers.add("Access-Control-Allow-Headers", names));
        return headers.build();
    }

    /// In a frame of another site a cookie is kept only when it says that it belongs to that pair of sites.
    ///
    /// @spec https://datatracker.ietf.org/doc/draft-cutler-httpbis-partitioned-cookies/ Partitioned cookies
    /// (CHIPS)
    private static Headers redirect(RequestHead request, String target, String token, Opening opening) {
        boolean framed = request.headers().first("Sec-Fetch-Site").orElse("").equals("cross-site")
                && !request.headers().first("Sec-Fetch-Dest").orElse("document").equals("document");
        long seconds = Math.max(1, opening.untilEpochSeconds() - Instant.now().getEpochSecond());
        return Headers.of(
                "Location",
                // A target of two slashes would lead to another host.
                target.startsWith("//") || target.startsWith("/\\") ? "/." + target : target,
                "Set-Cookie",
                Tokens.COOKIE + "=" + token + "; Path=/; Max-Age=" + seconds + "; Secure; HttpOnly; "
                        + (framed ? "SameSite=None; Partitioned" : "SameSite=Lax"),
                "Cache-Control",
                "no-store",
                "Referrer-Policy",
                "no-referrer");
    }
}
