package io.sallyport.gateway.forward;

import io.sallyport.kit.AddressBlock;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.NameSet;
import java.net.InetAddress;
import java.util.List;

/// Who sent a request and how, for the app: `X-Forwarded-*` and `Forwarded`. What the client itself says there
/// counts only when it comes from a proxy of the operator's. Pure.
///
/// @param address of the connection's other end
/// @param trusted whether that is such a proxy
/// @param scheme how the outermost client speaks: `http` or `https`
/// @spec https://www.rfc-editor.org/info/rfc7239 RFC 7239
record Peer(String address, boolean trusted, String scheme) {
    private static final String PREFIX = "x-forwarded-";
    private static final NameSet OTHERS = NameSet.of("forwarded", "x-real-ip");
    private static final String FOR = "X-Forwarded-For";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String PORT = "X-Forwarded-Port";
    private static final String FORWARDED = "Forwarded";

    static Peer of(Exchange client, List<AddressBlock> trustedProxies) {
        var address = client.peerAddress();
        boolean trusted = !trustedProxies.isEmpty() && isIn(address, trustedProxies);
        boolean secure =
                trusted && client.request().headers().first(PROTO).orElse("").equals("https");
        return new Peer(address, trusted, secure ? "https" : "http");
    }

    private static boolean isIn(String address, List<AddressBlock> blocks) {
        try {
            var literal = InetAddress.ofLiteral(address);
            return blocks.stream().anyMatch(block -> block.contains(literal));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Whether a header speaks about the way of the request, in whatever spelling, so that only we may say it.
    static boolean isOurs(String name) {
        if (OTHERS.containsTwin(name)) {
            return true;
        }
        if (name.length() < PREFIX.length()) {
            return false;
        }
        for (int i = 0; i < PREFIX.length(); i++) {
            char c = name.charAt(i) == '_' ? '-' : Character.toLowerCase(name.charAt(i));
            if (c != PREFIX.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Adds what is said to the app.
    ///
    /// @param clientHeaders as they came
    /// @param host what the client called the app, as the app shall know it
    void addTo(Headers.Builder headers, Headers clientHeaders, String host) {
        var node = address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
        var element = "for=" + node + ";host=\"" + host + "\";proto=" + scheme;
        var said = clientHeaders.first("Host").orElse("");
        if (!trusted) {
            headers.add(FOR, address)
                    .add(HOST, host)
                    .add(PROTO, scheme)
                    .add(PORT, portOf(host))
                    .add(FORWARDED, element);
            return;
        }
        headers.add(FOR, appended(clientHeaders, FOR, address))
                .add(HOST, said.equals(host) ? clientHeaders.first(HOST).orElse(host) : host)
                .add(PROTO, scheme)
                .add(PORT, clientHeaders.first(PORT).orElseGet(() -> portOf(host)))
                .add(FORWARDED, appended(clientHeaders, FORWARDED, element));
    }

    private static String appended(Headers headers, String name, String value) {
        var before = String.join(", ", headers.all(name));
        return before.isEmpty() ? value : before + ", " + value;
    }

    private String portOf(String host) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']') && colon + 1 < host.length();
        return hasPort ? host.substring(colon + 1) : scheme.equals("https") ? "443" : "80";
    }
}
