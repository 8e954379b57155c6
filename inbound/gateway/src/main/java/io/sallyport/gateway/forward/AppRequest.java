package io.sallyport.gateway.forward;

import io.sallyport.gateway.admit.Tokens;
import io.sallyport.gateway.rewrite.Profiles;
import io.sallyport.gateway.seen.TraceContext;
import io.sallyport.kit.Port;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.NameSet;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.proxy.HopHeaders;
import java.util.ArrayList;
import java.util.List;

/// The request as the next hop gets it. Pure.
///
/// What only the platform may know (API keys, routing headers, tokens of ours) never reaches an app, nor do the
/// spellings with `_` that many servers take for the same.
final class AppRequest {
    private static final NameSet PLATFORM =
            NameSet.of("x-api-key", "e2b-sandbox-id", "e2b-sandbox-port", "e2b-traffic-access-token");
    private static final String TRACE = "Traceparent";

    private AppRequest() {}

    /// For an app.
    ///
    /// @param target byte for byte what the client sent, without a token of ours
    static RequestHead toApp(
            Exchange client, String target, Port port, HeaderProfile profile, Peer peer, TraceContext trace) {
        var clientHeaders = client.request().headers();
        var clientHost = clientHeaders.first("Host").orElse("");
        var lines = new ArrayList<Header>();
        for (var line : HopHeaders.request(clientHeaders)) {
            if (PLATFORM.containsTwin(line.name()) || Peer.isOurs(line.name()) || line.is(TRACE)) {
                continue;
            }
            if (line.is("Host")) {
                lines.add(new Header(line.name(), Profiles.host(profile, clientHost, port)));
            } else if (line.is("Origin")) {
                Profiles.origin(profile, line.value(), clientHost, port)
                        .ifPresent(origin -> lines.add(new Header(line.name(), origin)));
            } else if (line.is("Referer")) {
                var referer = Profiles.referer(profile, Tokens.withoutToken(line.value()), clientHost, port);
                lines.add(new Header(line.name(), referer));
            } else if (line.is("Cookie")) {
                var cookies = Tokens.withoutCookie(line.value());
                if (!cookies.isEmpty()) {
                    lines.add(new Header(line.name(), cookies));
                }
            } else {
                lines.add(line);
            }
        }
        return head(client, target, lines, peer, Profiles.forwardedHost(profile, clientHost, port), trace);
    }

    /// For the control plane, which is one of us.
    static RequestHead toControl(Exchange client, Peer peer, TraceContext trace) {
        List<Header> lines = HopHeaders.request(client.request().headers()).stream()
                .filter(line -> !Peer.isOurs(line.name()) && !line.is(TRACE))
                .toList();
        var host = client.request().headers().first("Host").orElse("");
        return head(client, client.request().originForm(), lines, peer, host, trace);
    }

    /// Trailers as an app gets them: what a head of it may not say, they may not either.
    static Headers trailers(Headers trailers) {
        return trailers.without(line -> PLATFORM.containsTwin(line.name()) || Peer.isOurs(line.name()));
    }

    private static RequestHead head(
            Exchange client, String target, List<Header> lines, Peer peer, String host, TraceContext trace) {
        var headers = new Headers.Builder(lines);
        HopHeaders.addConnection(client, headers);
        peer.addTo(headers, client.request().headers(), host);
        headers.add(TRACE, trace.traceparent());
        return RequestHead.of(client.request().method(), target, headers.build());
    }
}
