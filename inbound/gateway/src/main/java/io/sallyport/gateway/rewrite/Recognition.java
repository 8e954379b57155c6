package io.sallyport.gateway.rewrite;

import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.HeaderProfile.Host;
import io.sallyport.rpc.route.HeaderProfile.Origin;
import io.sallyport.wire.http1.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Recognises development servers that refuse a request for the name it was sent to, by what they say then.
/// Pure.
///
/// What each says was read off the servers themselves: Vite 7 and 8, Next.js 16, webpack-dev-server 5, Jupyter
/// Notebook 6 and jupyter-server 1, Django 3.2, Rails 6.1, Chromium 156; see docs/inbound.md.
public final class Recognition {
    private static final Origin MATCH = Origin.MATCH;
    private static final String NEXT_RAW = "Unauthorized";

    private Recognition() {}

    /// How much of a body is looked into.
    public static final int BODY_BYTES_MAX = 8 << 10;

    /// Whether a response can be such a refusal at all: only then is its body looked into.
    public static boolean possible(ResponseHead head) {
        return switch (head.status()) {
            case 400, 403, 422, 500 -> {
                var type = head.headers().first("Content-Type").orElse("text/");
                yield type.startsWith("text/") && !type.startsWith("text/event-stream");
            }
            default -> false;
        };
    }

    /// The profile under which the server would have answered.
    ///
    /// @param target what it was asked for
    /// @param firstBytes of the body, as they are on the wire
    public static Optional<HeaderProfile> of(ResponseHead head, String target, byte[] firstBytes) {
        var body = new String(firstBytes, StandardCharsets.ISO_8859_1);
        boolean untyped = !head.headers().has("Content-Type");
        return switch (head.status()) {
            case 400 -> when(body.contains("<title>DisallowedHost"), "django", MATCH);
            case 422 -> when(body.contains("match request.base_url"), "rails", MATCH);
            case 500 ->
                when(
                        body.contains("Host header is specified and is not an IP address or localhost"),
                        "devtools",
                        Origin.STRIP);
            case 403 -> forbidden(untyped, target, body);
            default -> Optional.empty();
        };
    }

    private static Optional<HeaderProfile> forbidden(boolean untyped, String target, String body) {
        if (untyped) {
            return when(body.contains("Invalid Host header"), "webpack", MATCH)
                    .or(() -> when(body.contains(NEXT_RAW) && isOfNext(target), "next", MATCH));
        }
        return when(body.contains("Blocked request. This host (\""), "vite", MATCH)
                .or(() -> when(body.contains("<title>Jupyter "), "jupyter", MATCH))
                .or(() -> when(body.contains("Cross origin websockets not allowed"), "jupyter", MATCH))
                .or(() -> when(body.contains("Blocked host"), "rails", MATCH))
                .or(() -> when(body.contains("Origin checking failed"), "django", MATCH))
                .or(() -> when(
                        body.contains("Rejected an incoming WebSocket connection from the "),
                        "devtools",
                        Origin.STRIP));
    }

    private static boolean isOfNext(String target) {
        return target.contains("/_next") || target.contains("/__nextjs");
    }

    /// The same for a server that answers an upgrade with something that is no HTTP.
    public static Optional<HeaderProfile> ofRaw(byte[] firstBytes) {
        return when(new String(firstBytes, StandardCharsets.ISO_8859_1).equals(NEXT_RAW), "next", MATCH);
    }

    private static Optional<HeaderProfile> when(boolean said, String server, Origin origin) {
        return said ? Optional.of(new HeaderProfile(Host.LOOPBACK, "", origin, false, server)) : Optional.empty();
    }
}
