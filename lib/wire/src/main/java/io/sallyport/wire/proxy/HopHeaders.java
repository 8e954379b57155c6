package io.sallyport.wire.proxy;

import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.NameSet;
import io.sallyport.wire.http1.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the headers of a message become on the next hop. Pure.
///
/// Hop-by-hop headers go, also those that `Connection` names; all others stay, in their order and case.
///
/// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §7.6.1
public final class HopHeaders {
    private static final NameSet HOP_BY_HOP = NameSet.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "transfer-encoding",
            "upgrade");

    /// What only a head can say: not believed in a trailer.
    private static final NameSet HEAD_ONLY =
            NameSet.of("host", "content-length", "authorization", "cookie", "expect", "content-type");

    private HopHeaders() {}

    /// Whether the request leaves HTTP in a way that is passed on. `h2c` is not: it would speak past us. Nor is
    /// an upgrade with a body, whose end nobody could tell from the new protocol's beginning.
    public static boolean upgrades(Exchange client) {
        var clientRequest = client.request();
        return clientRequest.wantsUpgrade()
                && client.requestFraming() instanceof Framing.None
                && clientRequest.headers().list("Upgrade").stream().noneMatch(HopHeaders::isH2c);
    }

    /// The lines of a request that go on, without what says how the connection is used; see [#addConnection].
    public static List<Header> request(Headers client) {
        return passedOn(client);
    }

    /// Says to the next server how the connection is used: an upgrade as the client asked for it, and that
    /// trailers are wanted where they are (gRPC).
    public static void addConnection(Exchange client, Headers.Builder to) {
        var headers = client.request().headers();
        if (upgrades(client)) {
            to.add("Connection", "Upgrade");
            headers.all("Upgrade").forEach(protocol -> to.add("Upgrade", protocol));
        } else if (headers.lists("TE", "trailers")) {
            to.add("Connection", "TE").add("TE", "trailers");
        }
    }

    /// The response as the client gets it. A 101 keeps what makes it one.
    public static ResponseHead response(ResponseHead appResponse) {
        if (appResponse.status() == 101) {
            return appResponse;
        }
        return appResponse.withHeaders(Headers.of(passedOn(appResponse.headers())));
    }

    /// Trailers: nothing that a head could not carry either, nor what only a head can say.
    public static Headers trailers(Headers trailers) {
        return trailers.size() == 0
                ? trailers
                : trailers.without(line -> HOP_BY_HOP.containsTwin(line.name()) || HEAD_ONLY.containsTwin(line.name()));
    }

    private static List<Header> passedOn(Headers headers) {
        var named = headers.list("Connection");
        var kept = new ArrayList<Header>(headers.size());
        for (var line : headers) {
            if (!HOP_BY_HOP.contains(line.name()) && !isNamed(named, line)) {
                kept.add(line);
            }
        }
        return kept;
    }

    private static boolean isNamed(List<String> named, Header line) {
        for (var name : named) {
            if (line.is(name) && !name.equalsIgnoreCase("Host")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isH2c(String protocol) {
        return protocol.toLowerCase(Locale.ROOT).startsWith("h2c");
    }
}
