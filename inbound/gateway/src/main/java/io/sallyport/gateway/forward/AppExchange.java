package io.sallyport.gateway.forward;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sallyport.gateway.forward.Apps.Reached;
import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refused;
import io.sallyport.gateway.rewrite.Profiles;
import io.sallyport.gateway.rewrite.Recognition;
import io.sallyport.gateway.rewrite.ResponseRewrite;
import io.sallyport.gateway.route.RouteCache;
import io.sallyport.gateway.seen.Passage;
import io.sallyport.gateway.seen.Passage.Point;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.Route;
import io.sallyport.rpc.route.Routes;
import io.sallyport.rpc.route.UndecidedException;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.proxy.HopHeaders;
import io.sallyport.wire.proxy.Relay;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries an admitted request to its app.
///
/// A request is sent a second time in two cases, and only when it can do no harm (a safe method without a
/// body): the app had ended a kept connection before it could see the request, or the app refused the name it
/// was called by and is now called by the one it accepts.
///
/// - **Threads**: any.
/// - **Closes**: connections to apps that are free.
public final class AppExchange implements Closeable {
    private static final Logger LOG = System.getLogger(AppExchange.class.getName());
    private static final Duration LEARNED_PAUSE = Duration.ofSeconds(10);
    private static final int LEARNED_MAX = 10_000;
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private final Apps apps;
    private final Routes control;
    private final Unreached unreached;
    private final ForwardLimits limits;
    private final Cache<Destination.Sandbox, Boolean> learned = Caffeine.newBuilder()
            .maximumSize(LEARNED_MAX)
            .expireAfterWrite(LEARNED_PAUSE)
            .build();

    public AppExchange(
            SandboxDialer dialer, RouteCache routes, Routes control, ForwardLimits limits, Set<Port> reserved) {
        this.apps = new Apps(dialer, limits);
        this.control = control;
        this.unreached = new Unreached(dialer, routes, limits, reserved);
        this.limits = limits;
    }

    /// Closes the connections to a sandbox that are free.
    public void evict(SandboxId sandbox) {
        apps.evict(sandbox);
    }

    /// Connections to apps that are free.
    public int free() {
        return apps.free();
    }

    /// How a try ended.
    private enum Try {
        /// The client has its answer.
        OVER,
        /// The app has not seen the request.
        UNSEEN,
        /// The app wants to be called by another name.
        RENAMED
    }

    /// Carries the request to its app and the answer back.
    ///
    /// @param target byte for byte what the app is asked for
    void run(Exchange client, Destination.Sandbox to, Route route, String target, Peer peer, Passage passage)
            throws IOException {
        if (!route.running()) {
            var state = "It is " + route.state() + ".";
            Ending.refuse(client, passage, Refused.because(Outcome.NOT_RUNNING, state));
            return;
        }
        var dialled = new SandboxDialer.Target(route.host(), to.id(), to.port());
        var profile = route.profileOf(to.port().number());
        boolean safe = client.requestFraming() instanceof Framing.None
                && SAFE_METHODS.contains(client.request().method());
        boolean upgrades = HopHeaders.upgrades(client);
        boolean replayable = safe && !upgrades;
        // The guest daemon keeps connections for ten minutes, so what must not be sent twice may go on an old one too.
        boolean reusing = replayable || (to.port().equals(Port.GUEST) && !upgrades);
        var reached = reusing ? apps.any(dialled, to) : apps.fresh(dialled);
        boolean renamed = false;
        while (true) {
            if (!(reached instanceof Reached.Connected(var http, boolean reused))) {
                var failed = ((Reached.Failed) reached).dialled();
                Ending.refuse(client, passage, unreached.why(dialled, route, failed));
                return;
            }
            passage.attempt(reused);
            passage.reached(Point.CONNECTED);
            var attempt = new Attempt(client, to, target, peer, passage, http, safe && !renamed);
            switch (attempt.run(profile, reused && replayable)) {
                case OVER -> {
                    return;
                }
                case UNSEEN -> reached = apps.fresh(dialled);
                case RENAMED -> {
                    profile = Objects.requireNonNull(attempt.recognised);
                    renamed = true;
                    reached = apps.fresh(dialled);
                }
            }
        }
    }

    /// One connection, one request.
    private final class Attempt {
        private final Exchange client;
        private final Destination.Sandbox to;
        private final String target;
        private final Peer peer;
        private final Passage passage;
        private final HttpClient http;
        private final boolean renameable;
        private final FairShare share;
        private final Relay relay;
        private @Nullable HeaderProfile recognised;

        Attempt(
                Exchange client,
                Destination.Sandbox to,
                String target,
                Peer peer,
                Passage passage,
                HttpClient http,
                boolean renameable) {
            this.client = client;
            this.to = to;
            this.target = target;
            this.peer = peer;
            this.passage = passage;
            this.http = http;
            this.renameable = renameable;
            this.share = FairShare.of(to.id(), to.port());
            this.relay = new Relay(client, http, limits.toApp(), share, AppRequest::trailers, this::publicNames);
        }

        Try run(HeaderProfile profile, boolean retryable) throws IOException {
            try {
                var request = AppRequest.toApp(client, target, to.port(), profile, peer, passage.trace());
                return switch (relay.send(request)) {
                    case Relay.Answer.Head(var head) -> answered(head, profile);
                    case Relay.Answer.Raw raw -> {
                        passage.reached(Point.ANSWERED);
                        if (isOwnOrigin() && recognised(Recognition.ofRaw(relay.peekRaw()), profile)) {
                            yield Try.RENAMED;
                        }
                        Ending.of(passage, relay.passRaw(), 0, relay);
                        yield Try.OVER;
                    }
                    case Relay.Answer.Failed(var failure) -> {
                        if (failure == Relay.Failure.BROKE && retryable && relay.unseen()) {
                            yield Try.UNSEEN;
                        }
                        Ending.refuse(client, passage, Refused.because(Ending.of(failure)));
                        yield Try.OVER;
                    }
                };
            } finally {
                if (relay.reusable()) {
                    relay.release();
                    apps.giveBack(to, http);
                } else {
                    relay.close();
                }
                share.close();
            }
        }

        private Try answered(ResponseHead head, HeaderProfile profile) throws IOException {
            passage.reached(Point.ANSWERED);
            if (isOwnOrigin() && Recognition.possible(head)) {
                byte[] body;
                try {
                    body = relay.peekBody(Recognition.BODY_BYTES_MAX);
                } catch (DeadlinePassedException e) {
                    Ending.refuse(client, passage, Refused.because(Outcome.APP_SLOW));
                    return Try.OVER;
                } catch (IOException e) {
                    Ending.refuse(client, passage, Refused.because(Outcome.APP_BROKE));
                    return Try.OVER;
                }
                if (recognised(Recognition.of(head, target, body), profile)) {
                    return Try.RENAMED;
                }
            }
            var hop = HopHeaders.response(head);
            Ending.of(passage, relay.pass(hop.withHeaders(publicNames(hop.headers()))), head.status(), relay);
            return Try.OVER;
        }

        private Headers publicNames(Headers headers) {
            return ResponseRewrite.apply(headers, to, peer.scheme());
        }

        /// Whether the request comes from a page of the app itself, or from none: what an app says to others is
        /// no reason to call it by another name.
        private boolean isOwnOrigin() {
            var headers = client.request().headers();
            var origin = headers.first("Origin");
            return origin.isEmpty()
                    || Profiles.isOf(origin.get(), headers.first("Host").orElse(""));
        }

        /// Remembers what the app wants to be called, unless it was called so already or somebody has pinned
        /// it. True where the request shall be sent again.
        private boolean recognised(Optional<HeaderProfile> found, HeaderProfile profile) {
            if (found.isEmpty() || profile.pinned() || isAs(found.get(), profile)) {
                return false;
            }
            if (learned.asMap().putIfAbsent(to, true) != null) {
                return false; // An app that changes its mind all the time is left alone.
            }
            try {
                control.learned(to.id(), to.port(), found.get());
            } catch (UndecidedException e) {
                LOG.log(Level.DEBUG, "profile of {0}:{1} is not kept: {2}", to.id(), to.port(), e.getMessage());
            }
            recognised = found.get();
            return renameable;
        }

        private static boolean isAs(HeaderProfile a, HeaderProfile b) {
            return a.host() == b.host() && a.origin() == b.origin();
        }
    }

    @Override
    public void close() {
        apps.close();
    }
}
