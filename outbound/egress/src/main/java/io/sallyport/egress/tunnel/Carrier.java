package io.sallyport.egress.tunnel;

import io.sallyport.egress.audit.AuditException;
import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.audit.Draft;
import io.sallyport.egress.dial.Upstream;
import io.sallyport.egress.intercept.Intercepted;
import io.sallyport.egress.intercept.Interceptor;
import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.egress.intercept.RequestRecord;
import io.sallyport.egress.intercept.RequestRecord.Moment;
import io.sallyport.egress.intercept.Terms;
import io.sallyport.egress.intercept.UpstreamOpener;
import io.sallyport.egress.session.OpenTunnel;
import io.sallyport.egress.session.Outlet;
import io.sallyport.egress.session.Sessions;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.Verdict;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairShares;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Carries a tunnel that is established: looks at its first bytes, and copies or hands it to the interceptor.
///
/// What is refused here is refused without a word: the client believes to speak with the host already.
///
/// - **Threads**: each tunnel on its own.
final class Carrier {
    private final Sessions sessions;
    private final Router router;
    private final Interceptor interceptor;
    private final AuditLog audit;
    private final Duration idle;

    Carrier(Sessions sessions, Router router, Interceptor interceptor, AuditLog audit, Duration idle) {
        this.sessions = sessions;
        this.router = router;
        this.interceptor = interceptor;
        this.audit = audit;
        this.idle = idle;
    }

    /// What was copied; nothing of what the interceptor passed on, which writes down each request.
    record Carried(long outBytes, long inBytes) {
        static final Carried NOTHING = new Carried(0, 0);
    }

    /// One tunnel.
    record Job(Outlet outlet, OpenTunnel tunnel, ConnectHead head, Route route, Trail trail) {}

    /// Returns when the tunnel has ended; both its connections are closed then.
    Carried carry(Job job, Connection client) throws IOException {
        var route = job.route();
        if (route.sniffed()) {
            return sniffed(job, client);
        }
        return switch (route.scheme()) {
            case Scheme.HTTPS -> tls(job, client);
            case Scheme.HTTP -> http(job, client);
            default -> copy(job, client, route.upstream());
        };
    }

    private Carried copy(Job job, Connection client, Connection upstream) {
        try (var share = FairShares.BULK.join(job.outlet().sandbox(), 1)) {
            var ended = Duplex.run(client, upstream, idle, share);
            return new Carried(ended.aToBBytes(), ended.bToABytes());
        }
    }

    private Carried tls(Job job, Connection client) throws IOException {
        return tls(job, client, job.route().upstream());
    }

    private Carried tls(Job job, Connection client, Connection upstream) throws IOException {
        var said = FirstBytes.hello(client);
        var against = Sni.check(job.tunnel().destination().host(), said.what().serverName());
        if (against.isPresent()) {
            throw new RefusedException(against.get(), "");
        }
        if (!job.route().lookedInto()) {
            return copy(job, said.client(), upstream);
        }
        // Only behind port 80 is it not known before that TLS would come.
        var first = job.route().encrypted() ? upstream : opened(job.route().tls(), upstream);
        interceptor.tls(
                said.client(),
                intercepted(
                        job,
                        Intercepted.HTTPS,
                        UpstreamOpener.startingWith(first, job.route().tls())));
        return Carried.NOTHING;
    }

    private static Connection opened(UpstreamOpener tls, Connection unused) throws IOException {
        unused.close();
        return tls.open(Deadline.after(Upstream.CONNECT_WAIT));
    }

    private Carried http(Job job, Connection client) {
        return http(job, client, job.route().upstream());
    }

    private Carried http(Job job, Connection client, Connection upstream) {
        interceptor.plain(
                client,
                intercepted(
                        job,
                        Intercepted.HTTP,
                        UpstreamOpener.startingWith(upstream, job.route().plain())));
        return Carried.NOTHING;
    }

    /// The client has not said what it will speak. Where plain TCP is allowed the host may begin, which decides it.
    private Carried sniffed(Job job, Connection plainClient) throws IOException {
        var client = Ahead.of(plainClient);
        Connection upstream = job.route().upstream();
        if (tcpIsAllowed(job)) {
            var ahead = Ahead.of(upstream);
            upstream = ahead;
            await(CompletableFuture.anyOf(client.spoke(), ahead.spoke()), idle);
        } else {
            await(client.spoke(), FirstBytes.WAIT);
        }
        if (!client.spoke().isDone()) {
            settle(job, Scheme.TCP, false);
            return copy(job, client, upstream);
        }
        var said = FirstBytes.sniff(client);
        return switch (said.what()) {
            case TLS -> {
                settle(job, Scheme.HTTPS, job.route().lookedInto());
                yield tls(job, said.client(), upstream);
            }
            case HTTP -> {
                settle(job, Scheme.HTTP, true);
                yield http(job, said.client(), upstream);
            }
            case OTHER, UNDECIDED -> {
                settle(job, Scheme.TCP, false);
                yield copy(job, said.client(), upstream);
            }
        };
    }

    private void settle(Job job, String scheme, boolean inspected) throws RefusedException {
        job.trail().scheme = scheme;
        router.settle(job.outlet().sandbox(), job.tunnel(), scheme, inspected);
    }

    private boolean tcpIsAllowed(Job job) throws RefusedException {
        CompiledPolicy policy = sessions.require(job.outlet().sandbox()).policy();
        return policy.connect(job.tunnel().destination(), Scheme.TCP) instanceof Verdict.Allowed;
    }

    /// Waits for the first byte, or for nothing.
    private static void await(CompletableFuture<?> spoke, Duration wait) throws IOException {
        try {
            spoke.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Nobody spoke, which is for the caller to judge.
        } catch (ExecutionException e) {
            throw new EOFException("broken off before the first byte");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Intercepted intercepted(Job job, String scheme, UpstreamOpener upstream) {
        var sandbox = job.outlet().sandbox();
        return new Intercepted(
                sandbox,
                job.route().permitted(),
                job.tunnel().destination(),
                scheme,
                () -> terms(job.outlet()),
                remembering(upstream, job.trail()),
                record -> writeDown(job, scheme, record));
    }

    /// The interceptor tells the client the reason, and the record says in a few words more.
    private static UpstreamOpener remembering(UpstreamOpener opener, Trail trail) {
        return new UpstreamOpener() {
            @Override
            public Connection open(Deadline deadline) throws IOException {
                trail.failure = "";
                try {
                    return opener.open(deadline);
                } catch (RefusedException e) {
                    trail.failure = e.detail();
                    throw e;
                }
            }

            @Override
            public void close() {
                opener.close();
            }
        };
    }

    /// Asked once for each request.
    private Terms terms(Outlet outlet) throws RefusedException {
        if (!outlet.mayRequest()) {
            throw new RefusedException(EgressReason.LIMIT, "");
        }
        return sessions.require(outlet.sandbox()).terms();
    }

    private void writeDown(Job job, String scheme, RequestRecord request) throws RefusedException {
        var to = job.tunnel().destination();
        var sandbox = job.outlet().sandbox();
        var draft = (request.moment() == Moment.ENDED ? Draft.response(sandbox) : Draft.request(sandbox))
                .target(scheme, to.host().text(), to.port())
                .address(job.trail().address)
                .request(request.method(), request.path())
                .status(request.status())
                .bytes(request.bytesOut(), request.bytesIn())
                .credential(String.join(",", request.credentials()))
                .trace(job.head().trace());
        if (request.reason().isPresent()) {
            EgressReason why = request.reason().get();
            var rule = Trail.rule(request.rule(), job.trail().failure);
            job.trail().failure = "";
            draft.refused(why, rule);
            job.outlet().refused(why, to.host().text(), to.port(), rule);
        } else {
            draft.allowed(request.rule());
        }
        if (request.moment() == Moment.ENDED) {
            audit.ended(draft);
            return;
        }
        try {
            audit.append(draft);
        } catch (AuditException e) {
            throw new RefusedException(EgressReason.AUDIT_UNAVAILABLE, "");
        }
    }
}
