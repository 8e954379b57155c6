package io.sallyport.relay.http;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RecentFailures.Kind;
import io.sallyport.relay.RelayReason;
import io.sallyport.relay.tunnel.Answer;
import io.sallyport.relay.tunnel.Tunnelled;
import io.sallyport.relay.tunnel.Tunnelled.Outcome;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.http1.Unread;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.proxy.HopHeaders;
import io.sallyport.wire.proxy.Relay;
import io.sallyport.wire.tunnel.MuxStream;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Forwards the requests of one client connection, one after the other, each through a tunnel to its host.
///
/// The tunnel of the last request is kept for the next one to the same host.
///
/// - **Threads**: that of the connection; [#close()] any.
/// - **Limits**: those of [Tunnelled] for the gateway's answer, [#RELAY] for the host's; of a refusal's body
///   [#REFUSAL_BYTES_MAX].
/// - **Closes**: [#close()] the tunnel that is kept.
final class Forwarder implements HttpServer.Handler, Closeable {
    private static final Relay.Limits RELAY =
            new Relay.Limits(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofSeconds(30));
    private static final int REFUSAL_BYTES_MAX = 64 << 10;
    private static final int HTTP_PORT = 80;
    private static final String SCHEME = "http://";
    private static final byte[] NOTHING = {};

    private final Tunnelled way;
    private final AtomicReference<@Nullable Upstream> kept = new AtomicReference<>();
    private volatile boolean closed;

    Forwarder(Tunnelled way) {
        this.way = way;
    }

    /// A tunnel on which requests are sent.
    ///
    /// @param keepable whether it can be seen later that the host has not closed it meanwhile; not in v1
    private record Upstream(Destination to, HttpClient http, boolean keepable) {}

    @Override
    public void handle(Exchange client) throws IOException {
        var to = destination(client.request());
        if (to.isEmpty()) {
            refuse(client, RelayReason.NOT_CONNECT.refusal());
            return;
        }
        var upstream = reuse(to.get());
        if (upstream != null) {
            relay(client, upstream);
            return;
        }
        var trace = client.request().headers().first(EgressApi.TRACE);
        switch (way.open(to.get().text(), "http", trace, NOTHING)) {
            case Outcome.Unanswered(var refusal) -> refuse(client, refusal);
            case Outcome.Answered(var tunnel, var answer) -> {
                if (answer.connected()) {
                    relay(client, upstream(to.get(), tunnel, answer));
                } else {
                    passRefusal(client, to.get(), tunnel, answer);
                }
            }
        }
    }

    private static Upstream upstream(Destination to, Connection tunnel, Answer answer) {
        tunnel.deadline(Deadline.NEVER);
        var http = new HttpClient(new Unread(tunnel, answer.rest()), HttpLimits.DEFAULT);
        return new Upstream(to, http, tunnel instanceof MuxStream);
    }

    /// Hands on what the gateway says instead of connecting; closes the tunnel.
    private void passRefusal(Exchange client, Destination to, Connection opened, Answer answer) throws IOException {
        ResponseHead head;
        byte[] body;
        try (var tunnel = opened) {
            if (!answer.refused()) {
                throw new IOException("the gateway's answer is no HTTP");
            }
            var http = new HttpClient(new Unread(tunnel, answer.bytes()), HttpLimits.DEFAULT);
            head = http.readHead();
            body = http.body(Framing.of(head, "CONNECT")).readNBytes(REFUSAL_BYTES_MAX);
        } catch (IOException e) {
            way.failures().add(Kind.TUNNEL_BROKEN, to.text(), String.valueOf(e.getMessage()));
            refuse(client, RelayReason.GATEWAY_UNREACHABLE.refusal());
            return;
        }
        client.respond(head.status(), HopHeaders.response(head).headers().without("Content-Length"), body);
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
            case BAD_REQUEST_BODY ->
                refuse(client, EgressRefusal.of(EgressReason.BAD_REQUEST).because("the body of the request is broken"));
            case SLOW -> refuse(client, EgressRefusal.of(EgressReason.CONNECT_TIMEOUT));
            case MALFORMED, BROKE -> {
                way.failures().add(Kind.TUNNEL_BROKEN, to.text(), "no answer to a request");
                refuse(client, EgressRefusal.of(EgressReason.UPSTREAM_BROKEN));
            }
        }
    }

    /// Where an `http://` target leads; empty for any other.
    private static Optional<Destination> destination(RequestHead request) {
        var target = request.target();
        if (request.method().equals("CONNECT") || !target.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        return Destination.parseAuthority(authority(target), HTTP_PORT);
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

    private static void refuse(Exchange client, EgressRefusal refusal) throws IOException {
        client.respond(refusal.code(), RelayReason.headers(refusal), refusal.json());
    }
}
