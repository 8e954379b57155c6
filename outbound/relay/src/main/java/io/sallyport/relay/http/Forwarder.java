package io.sallyport.relay.http;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.RecentFailures.Kind;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.proxy.HopHeaders;
import io.sallyport.wire.proxy.Relay;
import io.sallyport.wire.tunnel.MuxStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Forwards the requests of one client connection, one after the other, each through a tunnel to its host.
///
/// The tunnel of the last request is kept for the next one to the same host.
///
/// - **Threads**: that of the connection; [#close()] any.
/// - **Limits**: [#OPEN_WAIT] for a tunnel, [#ANSWER_WAIT] for the gateway's answer, [#RELAY] for the host's; of a
///   refusal's body [#REFUSAL_BYTES_MAX].
/// - **Closes**: [#close()] the tunnel that is kept.
final class Forwarder implements HttpServer.Handler, Closeable {
    private static final Duration OPEN_WAIT = Duration.ofSeconds(15);
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(45);
    private static final Relay.Limits RELAY =
            new Relay.Limits(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofSeconds(30));
    private static final int REFUSAL_BYTES_MAX = 64 << 10;
    private static final int HTTP_PORT = 80;
    private static final String SCHEME = "http://";

    private final Tunnels tunnels;
    private final RecentFailures failures;
    private final AtomicReference<@Nullable Upstream> kept = new AtomicReference<>();
    private volatile boolean closed;

    Forwarder(Tunnels tunnels, RecentFailures failures) {
        this.tunnels = tunnels;
        this.failures = failures;
    }

    /// A tunnel on which requests are sent.
    ///
    /// @param keepable whether it can be seen later that the host has not closed it meanwhile; not in v1
    private record Upstream(Destination to, HttpClient http, boolean keepable) {}

    /// What the gateway says to a tunnel.
    private sealed interface Opened {
        record Ready(Upstream upstream) implements Opened {}

        record Refused(ResponseHead head, byte[] body) implements Opened {}
    }

    @Override
    public void handle(Exchange client) throws IOException {
        var to = destination(client.request());
        if (to.isEmpty()) {
            refuse(client, 405, "not_connect", "this is a proxy: it takes CONNECT host:port, and http:// requests");
            return;
        }
        var upstream = reuse(to.get());
        if (upstream == null) {
            switch (open(to.get(), client)) {
                case null -> {
                    refuse(client, 502, "gateway_unreachable", "the egress gateway cannot be reached");
                    return;
                }
                case Opened.Refused(var head, var body) -> {
                    client.respond(head.status(), head.headers(), body);
                    return;
                }
                case Opened.Ready(var ready) -> upstream = ready;
            }
        }
        relay(client, upstream);
    }

    private void relay(Exchange client, Upstream upstream) throws IOException {
        var relay = new Relay(client, upstream.http(), RELAY, FairShare.FREE, trailers -> trailers, headers -> headers);
        boolean whole = false;
        try {
            switch (relay.send(appRequest(client))) {
                case Relay.Answer.Head(var head) -> {
                    var _ = relay.pass(HopHeaders.response(head));
                }
                case Relay.Answer.Raw raw -> {
                    var _ = relay.passRaw();
                }
                case Relay.Answer.Failed(var failure) -> failed(client, upstream.to(), failure);
            }
            whole = true;
        } finally {
            if (whole && upstream.keepable() && relay.reusable()) {
                relay.release();
                upstream.http().deadline(Deadline.after(RELAY.idle()));
                kept.set(upstream);
                if (closed) {
                    drop();
                }
            } else {
                relay.close();
            }
        }
    }

    private void failed(Exchange client, Destination to, Relay.Failure failure) throws IOException {
        switch (failure) {
            case BAD_REQUEST_BODY -> refuse(client, 400, "bad_request", "the body of the request is broken");
            case SLOW -> refuse(client, 504, "connect_timeout", "the host does not answer");
            case MALFORMED, BROKE -> {
                failures.add(Kind.TUNNEL_BROKEN, to.text(), "no answer to a request");
                refuse(client, 502, "upstream_broken", "the host broke the exchange");
            }
        }
    }

    /// Where an `http://` target leads; empty for any other.
    private static Optional<Destination> destination(RequestHead request) {
        var target = request.target();
        if (request.method().equals("CONNECT") || !target.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        var authority = authority(target);
        boolean port = authority.substring(authority.lastIndexOf(']') + 1).indexOf(':') >= 0;
        return Destination.parseAuthority(port ? authority : authority + ":" + HTTP_PORT);
    }

    private static String authority(String target) {
        int end = SCHEME.length();
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return target.substring(SCHEME.length(), end);
    }

    private static RequestHead appRequest(Exchange client) {
        var request = client.request();
        var headers = new Headers.Builder(HopHeaders.request(request.headers()));
        if (!request.headers().has("Host")) { // HTTP/1.0
            headers.add("Host", authority(request.target()));
        }
        HopHeaders.addConnection(client, headers);
        return RequestHead.of(request.method(), request.originForm(), headers.build());
    }

    private @Nullable Upstream reuse(Destination to) {
        var last = kept.getAndSet(null);
        if (last == null) {
            return null;
        }
        if (last.to().equals(to) && last.http().quiet()) {
            return last;
        }
        last.http().close();
        return null;
    }

    /// The client's connection has ended.
    @Override
    public void close() {
        closed = true;
        drop();
    }

    private void drop() {
        var last = kept.getAndSet(null);
        if (last != null) {
            last.http().close();
        }
    }

    /// A tunnel, or why there is none; null where the gateway is not there.
    private @Nullable Opened open(Destination to, Exchange client) {
        var trace = client.request().headers().first(EgressApi.TRACE);
        HttpClient http = null;
        boolean ready = false;
        try {
            var tunnel = tunnels.open(to.text(), "http", trace, Deadline.after(OPEN_WAIT));
            http = new HttpClient(tunnel, HttpLimits.DEFAULT);
            http.deadline(Deadline.after(ANSWER_WAIT));
            var head = http.readHead();
            if (head.status() == 200) {
                http.deadline(Deadline.NEVER);
                ready = true;
                return new Opened.Ready(new Upstream(to, http, tunnel instanceof MuxStream));
            }
            failures.add(
                    Kind.CONNECT_REJECTED,
                    to.text(),
                    "gateway answered " + head.status() + " to CONNECT: "
                            + head.headers().first(EgressReason.HEADER).orElse(""));
            var body = http.body(Framing.of(head, "CONNECT")).readNBytes(REFUSAL_BYTES_MAX);
            var headers = HopHeaders.response(head).headers().without("Content-Length");
            return new Opened.Refused(head.withHeaders(headers), body);
        } catch (IOException e) {
            failures.add(Kind.GATEWAY_UNREACHABLE, to.text(), String.valueOf(e.getMessage()));
            return null;
        } finally {
            if (http != null && !ready) {
                http.close();
            }
        }
    }

    private static void refuse(Exchange client, int status, String reason, String message) throws IOException {
        var json = "{\"code\":" + status + ",\"reason\":\"" + reason + "\",\"message\":\"" + message
                + "\",\"retryable\":" + (status >= 500) + "}";
        var headers = Headers.of("Content-Type", "application/json", EgressReason.HEADER, reason);
        client.respond(status, headers, json.getBytes(StandardCharsets.UTF_8));
    }
}
