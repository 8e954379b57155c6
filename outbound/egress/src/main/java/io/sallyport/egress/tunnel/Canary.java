package io.sallyport.egress.tunnel;

import io.sallyport.egress.intercept.LeafTls;
import io.sallyport.egress.intercept.PermittedHosts;
import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairThreads;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Two hosts of the gateway's own, by which a relay finds out whether the way out works: one that answers and one that
/// is denied. No policy says anything about them, not even that there is no way out: they ask about the way,
/// and not about what is allowed on it. A sandbox that has a session reaches them.
///
/// | host | port | it is |
/// |---|---|---|
/// | [EgressApi#CANARY_ALLOWED] | 443 | `200`, `ok` inside TLS, with a certificate of the authority |
/// | the same | 80 | the same without TLS |
/// | [EgressApi#CANARY_DENIED] | any | refused with `host_denied` |
final class Canary implements Closeable {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final int CONNECTIONS_MAX = 1_024;
    private static final byte[] OK = "ok\n".getBytes(StandardCharsets.US_ASCII);

    private final LeafTls leaves;
    private final HttpServer server = HttpServer.withoutListeners(
            new HttpServer.Config(WAIT, WAIT, CONNECTIONS_MAX, CONNECTIONS_MAX, HttpLimits.DEFAULT),
            FairThreads.builder().name("canary-", 0).factory());

    Canary(LeafTls leaves) {
        this.leaves = leaves;
    }

    static boolean isOne(Destination to) {
        var host = to.host().text();
        return host.equals(EgressApi.CANARY_ALLOWED) || host.equals(EgressApi.CANARY_DENIED);
    }

    static void decide(Destination to) throws RefusedException {
        if (!to.host().text().equals(EgressApi.CANARY_ALLOWED)) {
            throw new RefusedException(EgressReason.HOST_DENIED, "");
        }
        if (to.port() != HTTPS_PORT && to.port() != HTTP_PORT) {
            throw new RefusedException(EgressReason.PORT_NOT_ALLOWED, "");
        }
    }

    /// Answers on a tunnel that is established, and closes it.
    void serve(Connection client, SandboxId sandbox, PermittedHosts permitted, Destination to) throws IOException {
        var plain =
                to.port() == HTTPS_PORT ? leaves.accept(client, sandbox, permitted, to, Deadline.after(WAIT)) : client;
        server.serveHere(plain, exchange -> {
            exchange.closeAfter();
            exchange.respond(200, Headers.of("Content-Type", "text/plain", "Cache-Control", "no-store"), OK);
        });
    }

    @Override
    public void close() {
        server.close();
    }
}
