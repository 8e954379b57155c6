package io.sallyport.relay.boot;

import java.util.Optional;

/// Where the egress gateway is: `http://HOST[:PORT]`. TLS is the business of whoever carries the bytes on.
///
/// @param host a name or an address; IPv6 without brackets
public record Base(String host, int port) {
    private static final String SCHEME = "http://";
    private static final int PORT_DEFAULT = 80;
    private static final int PORT_MAX = 65_535;
    private static final int PORT_DIGITS_MAX = 5;

    static Optional<Base> parse(String url) {
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        var authority = url.substring(SCHEME.length());
        if (authority.endsWith("/")) {
            authority = authority.substring(0, authority.length() - 1);
        }
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        var host = hasPort ? authority.substring(0, colon) : authority;
        int port = hasPort ? port(authority.substring(colon + 1)) : PORT_DEFAULT;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        boolean plain = !host.isEmpty() && host.chars().allMatch(Base::ofHost);
        return plain && port > 0 ? Optional.of(new Base(host, port)) : Optional.empty();
    }

    private static boolean ofHost(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == ':';
    }

    private static int port(String digits) {
        if (digits.isEmpty()
                || digits.length() > PORT_DIGITS_MAX
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port <= PORT_MAX ? port : -1;
    }

    /// As it stands in a `Host` header.
    String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
