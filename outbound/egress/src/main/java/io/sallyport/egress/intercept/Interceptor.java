package io.sallyport.egress.intercept;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairShares;
import io.sallyport.wire.net.FairThreads;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/// Looks into connections of sandboxes.
///
/// ```
///   client ─TLS, the host's name─▶ [ one request after the other: rules ─▶ policy ─▶ credentials ] ─TLS─▶ host
///          ◀──────────────────────────────── credentials taken out ◀─────────────────────────────
/// ```
///
/// HTTP/1.1 on both sides, agreed on by ALPN; a client that speaks only HTTP/2 is told so by TLS.
///
/// - **Threads**: each connection on the caller's, which returns when it has ended.
/// - **Limits**: [#HANDSHAKE_WAIT] for the client's handshake, [#HEAD_WAIT] for a request's head, [#IDLE] between
///   requests.
/// - **Closes**: the client's connection and what [Intercepted#upstream] has opened, whatever happens.
public final class Interceptor implements Closeable {
    static final Duration HANDSHAKE_WAIT = Duration.ofSeconds(10);
    static final Duration HEAD_WAIT = Duration.ofSeconds(30);
    static final Duration IDLE = Duration.ofMinutes(5);
    private static final int CONNECTIONS_MAX = 100_000; // counted by whoever lets them in

    private final LeafTls leaves;
    private final HttpServer server = HttpServer.withoutListeners(
            new HttpServer.Config(HEAD_WAIT, IDLE, CONNECTIONS_MAX, CONNECTIONS_MAX, HttpLimits.DEFAULT),
            FairThreads.builder().name("intercept-", 0).factory());

    public Interceptor(LeafTls leaves) {
        this.leaves = leaves;
    }

    /// Serves a client whose TLS hello is the next to be read, and has been looked at: it asks for the right name.
    ///
    /// @throws IOException where the client's handshake fails, for example because it does not trust the authority
    public void tls(Connection client, Intercepted about) throws IOException {
        try (var upstream = new UpstreamSlot(about.upstream())) {
            var plain = leaves.accept(
                    client, about.sandbox(), about.permitted(), about.destination(), Deadline.after(HANDSHAKE_WAIT));
            serve(plain, upstream, about);
        }
    }

    /// Serves a client that speaks HTTP without TLS.
    public void plain(Connection client, Intercepted about) {
        try (var upstream = new UpstreamSlot(about.upstream())) {
            serve(client, upstream, about);
        }
    }

    private void serve(Connection client, UpstreamSlot upstream, Intercepted about) {
        try (var share = FairShares.BULK.join(about.sandbox(), 1)) {
            server.serveHere(client, new InterceptedRequests(about, upstream, share));
        }
    }

    /// Cuts every connection.
    @Override
    public void close() {
        server.close();
    }
}
