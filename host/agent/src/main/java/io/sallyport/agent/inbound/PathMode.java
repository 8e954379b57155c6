package io.sallyport.agent.inbound;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.SandboxDialer;
import io.sallyport.wire.dial.SandboxDialer.Dialled;
import io.sallyport.wire.dial.SandboxDialer.Target;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.NameSet;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.proxy.HopHeaders;
import io.sallyport.wire.proxy.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/// `/proxy/{sandbox}/{port}/…` for callers on this machine, where host names that lead here cannot be had.
///
/// The prefix is taken off and nothing else of the target is touched; the app is told of it in
/// `X-Forwarded-Prefix`, and what it says of places is put behind it again, see [PathRewrite].
///
/// Not for the public: all sandboxes share one origin here, so their pages can read each other.
public final class PathMode implements HttpServer.Handler {
    private static final String PREFIX = "/proxy/";
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Relay.Limits LIMITS =
            new Relay.Limits(Duration.ofSeconds(100), Duration.ofHours(1), Duration.ofSeconds(30));
    private static final NameSet OURS = NameSet.of(
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-real-ip",
            "forwarded",
            "x-api-key",
            "e2b-traffic-access-token");

    private final SandboxDialer dialer;

    public PathMode(SandboxDialer dialer) {
        this.dialer = dialer;
    }

    /// Where a path leads.
    ///
    /// @param prefix without a slash at its end: `/proxy/cl-…/3000`
    /// @param rest the target as the app gets it; empty where the slash behind the port is missing
    record Place(Target to, String prefix, String rest) {
        /// Reads a request target; empty when it is for something else.
        static Optional<Place> of(String target) {
            if (!target.startsWith(PREFIX)) {
                return Optional.empty();
            }
            int port = target.indexOf('/', PREFIX.length());
            if (port < 0) {
                return Optional.empty();
            }
            int end = endOfPort(target, port + 1);
            return SandboxId.parse(target.substring(PREFIX.length(), port))
                    .flatMap(
                            id -> Port.parse(target.substring(port + 1, end)).map(number -> new Target("", id, number)))
                    .map(to -> new Place(to, target.substring(0, end), target.substring(end)));
        }

        private static int endOfPort(String target, int from) {
            int end = from;
            while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
                end++;
            }
            return end;
        }
    }

    /// Whether a request is for path mode at all.
    public static boolean isFor(RequestHead request) {
        return request.originForm().startsWith(PREFIX);
    }

    /// A browser that was led here by a name of somebody else's is told from a caller on this machine.
    private static boolean isLocal(Exchange client) {
        var headers = client.request().headers();
        var origin = headers.first("Origin")
                .map(text -> text.substring(text.indexOf("://") < 0 ? 0 : text.indexOf("://") + 3));
        return isLoopback(headers.first("Host").orElse("")) && isLoopback(origin.orElse("localhost"));
    }

    private static boolean isLoopback(String authority) {
        int colon = authority.lastIndexOf(':');
        var name = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
        return name.equalsIgnoreCase("localhost") || name.equals("127.0.0.1") || name.equals("[::1]");
    }

    @Override
    public void handle(Exchange client) throws IOException {
        if (client.peerRole().isEmpty() && !isLocal(client)) {
            client.refuse(403, "path mode is for callers on this machine, by localhost, 127.0.0.1 or [::1]");
            return;
        }
        var place = Place.of(client.request().originForm());
        if (place.isEmpty()) {
            client.refuse(404, "there is only /proxy/{sandbox}/{port}/… here");
            return;
        }
        if (place.get().to().port().equals(Port.GUEST)) {
            client.refuse(404, "the guest daemon is not reached by path");
            return;
        }
        if (place.get().rest().isEmpty() || place.get().rest().startsWith("?")) {
            // Relative references of a page without the slash would lead one level too high.
            client.respond(
                    308,
                    Headers.of(
                            "Location", place.get().prefix() + "/" + place.get().rest()),
                    new byte[0]);
            return;
        }
        switch (dialer.dial(place.get().to(), Deadline.after(CONNECT))) {
            case Dialled.Connected(var app) -> relay(client, place.get(), new HttpClient(app, HttpLimits.DEFAULT));
            case Dialled.Refused refused -> client.refuse(502, "nothing listens on this port");
            case Dialled.NotRunning notRunning -> client.refuse(404, "no such sandbox runs here");
            case Dialled.Failed failed -> client.refuse(503, "the port cannot be reached");
        }
    }

    private static void relay(Exchange client, Place place, HttpClient app) throws IOException {
        var share = FairShare.of(place.to().sandbox(), place.to().port());
        var relay = new Relay(client, app, LIMITS, share, trailers -> trailers, headers -> headers);
        try {
            switch (relay.send(request(client, place))) {
                case Relay.Answer.Head(var head) -> {
                    var hop = HopHeaders.response(head);
                    var _ = relay.pass(hop.withHeaders(PathRewrite.apply(hop.headers(), place)));
                }
                case Relay.Answer.Raw raw -> {
                    var _ = relay.passRaw();
                }
                case Relay.Answer.Failed(var failure) ->
                    client.refuse(
                            switch (failure) {
                                case BAD_REQUEST_BODY -> 400;
                                case SLOW -> 504;
                                case MALFORMED, BROKE -> 502;
                            },
                            "the app did not answer");
            }
        } finally {
            relay.close();
            share.close();
        }
    }

    private static RequestHead request(Exchange client, Place place) {
        var lines = new ArrayList<Header>();
        for (var line : HopHeaders.request(client.request().headers())) {
            if (!OURS.containsTwin(line.name())) {
                lines.add(line);
            }
        }
        var headers = new Headers.Builder(lines);
        HopHeaders.addConnection(client, headers);
        headers.add("X-Forwarded-For", client.peerAddress())
                .add(
                        "X-Forwarded-Host",
                        client.request().headers().first("Host").orElse(""))
                .add("X-Forwarded-Proto", "http")
                .add("X-Forwarded-Prefix", place.prefix());
        return RequestHead.of(client.request().method(), place.rest(), headers.build());
    }
}
