package io.sallyport.gateway.forward;

import io.sallyport.gateway.host.Destination;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// What the headers of a message become on the next hop. Pure.
///
/// - Hop-by-hop headers go, also those that `Connection` names; all others stay, in their order and case.
/// - What only the platform may say (`X-Forwarded-*`, `Forwarded`) is said by us, whatever the client said.
/// - What only the platform may know (API keys, routing headers) never reaches an app.
///
/// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §7.6.1
final class HopHeaders {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> OURS =
            Set.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port");

    private static final Set<String> PLATFORM =
            Set.of("x-api-key", "e2b-sandbox-id", "e2b-sandbox-port", "e2b-traffic-access-token");

    private static final Set<String> HEAD_ONLY = Set.of("host", "content-length", "authorization", "cookie", "expect");

    private HopHeaders() {}

    /// Whether the request leaves HTTP in a way that we pass on. `h2c` is not passed on: it would speak past us.
    /// Nor is an upgrade with a body, whose end nobody could tell from the new protocol's beginning.
    static boolean upgrades(Exchange client) {
        var clientRequest = client.request();
        return clientRequest.wantsUpgrade()
                && client.requestFraming() instanceof Framing.None
                && clientRequest.headers().all("Upgrade").stream().noneMatch(HopHeaders::isH2c);
    }

    /// The request as the app gets it.
    static RequestHead request(Exchange client, Destination destination) {
        var clientRequest = client.request();
        boolean toApp = destination instanceof Destination.Sandbox;
        var named = namedByConnection(clientRequest.headers());
        var headers = clientRequest.headers().without(line -> {
            var name = line.name().toLowerCase(Locale.ROOT);
            return HOP_BY_HOP.contains(name)
                    || named.contains(name)
                    || OURS.contains(name.replace('_', '-'))
                    || (toApp && PLATFORM.contains(name.replace('_', '-')));
        });
        headers = withConnection(headers, client);
        headers = withForwarded(headers, client);
        return RequestHead.of(clientRequest.method(), clientRequest.originForm(), headers);
    }

    /// The trailers as the app gets them: nothing that a head could not carry either, nor what only a head can say.
    static Headers trailers(Headers clientTrailers) {
        return clientTrailers.without(line -> {
            var name = line.name().toLowerCase(Locale.ROOT).replace('_', '-');
            return HOP_BY_HOP.contains(name)
                    || OURS.contains(name)
                    || PLATFORM.contains(name)
                    || HEAD_ONLY.contains(name);
        });
    }

    /// The response as the client gets it. A 101 keeps what makes it one.
    static ResponseHead response(ResponseHead appResponse) {
        if (appResponse.status() == 101) {
            return appResponse;
        }
        var named = namedByConnection(appResponse.headers());
        return appResponse.withHeaders(appResponse.headers().without(line -> {
            var name = line.name().toLowerCase(Locale.ROOT);
            return HOP_BY_HOP.contains(name) || named.contains(name);
        }));
    }

    private static Headers withConnection(Headers headers, Exchange client) {
        var clientRequest = client.request();
        if (!upgrades(client)) {
            var plain = headers.with("Connection", "close");
            // Trailers are dropped on the way unless the next hop is told that they are wanted (gRPC).
            return clientRequest.headers().lists("TE", "trailers") ? plain.with("TE", "trailers") : plain;
        }
        var upgraded = headers.with("Connection", "Upgrade");
        for (var protocol : clientRequest.headers().all("Upgrade")) {
            upgraded = upgraded.with("Upgrade", protocol);
        }
        return upgraded;
    }

    private static Headers withForwarded(Headers headers, Exchange client) {
        var host = client.request().headers().first("Host").orElse("");
        var peer = client.peerAddress();
        var node = peer.indexOf(':') >= 0 ? "\"[" + peer + "]\"" : peer;
        return headers.with("X-Forwarded-For", peer)
                .with("X-Forwarded-Host", host)
                .with("X-Forwarded-Proto", "http")
                .with("Forwarded", "for=" + node + ";host=\"" + host + "\";proto=http");
    }

    private static Set<String> namedByConnection(Headers headers) {
        var named = new HashSet<String>();
        for (var name : headers.list("Connection")) {
            if (!name.equalsIgnoreCase("Host")) {
                named.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }

    private static boolean isH2c(String protocols) {
        return protocols.toLowerCase(Locale.ROOT).contains("h2c");
    }
}
