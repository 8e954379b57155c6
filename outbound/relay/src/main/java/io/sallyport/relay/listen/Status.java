package io.sallyport.relay.listen;

import io.sallyport.relay.RelayReason;
import io.sallyport.relay.listen.ClientHead.Asked;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.net.Connection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.function.Supplier;

/// The relay's own document, for who may read it.
///
/// A browser in the sandbox can be made to ask 127.0.0.1 by any page, so neither a request with an `Origin` is
/// answered nor one for a name that merely leads here.
///
/// @param token that must be shown in [#TOKEN]
/// @param document JSON, made anew for each request
public record Status(byte[] token, Supplier<byte[]> document) {
    public static final String PATH = "/status";
    public static final String TOKEN = "Sallyport-Relay-Token";

    private static final Headers HEADERS = Headers.of("Content-Type", "application/json", "Cache-Control", "no-store");

    void answer(Connection client, Asked.Own asked) {
        if (!asked.target().equals(PATH)) {
            Refusal.send(client, RelayReason.NOT_CONNECT.refusal());
        } else if (!allowed(asked)) {
            Refusal.send(client, RelayReason.RELAY_TOKEN.refusal());
        } else if (!asked.method().equals("GET")) {
            Refusal.send(client, RelayReason.NOT_GET.refusal());
        } else {
            Refusal.send(client, 200, HEADERS, document.get());
        }
    }

    private boolean allowed(Asked.Own asked) {
        var hosts = asked.fields().all("Host");
        var shown = asked.fields().first(TOKEN).orElse("").getBytes(StandardCharsets.ISO_8859_1);
        return token.length > 0
                && MessageDigest.isEqual(shown, token)
                && asked.fields().first("Origin").isEmpty()
                && hosts.size() == 1
                && isLoopback(hosts.getFirst());
    }

    private static boolean isLoopback(String host) {
        var name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("127.0.0.1") || name.equals("[::1]");
    }

    @Override
    public String toString() {
        return "Status";
    }
}
