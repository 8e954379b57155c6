package io.sallyport.wire.address;

import java.util.Optional;

/// A host and a port to connect to. Immutable.
///
/// @param port 1 to 65535
public record Destination(Host host, int port) {
    public static final int PORT_MAX = 65_535;

    private static final int PORT_DIGITS_MAX = 5;
    private static final int AUTHORITY_MAX = HostName.LENGTH_MAX + 1 + 1 + PORT_DIGITS_MAX;

    /// Takes what can be connected to.
    ///
    /// @throws IllegalArgumentException where the port is none
    public Destination {
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("no port: " + port);
        }
    }

    /// Reads the target of CONNECT: `name:port`, `1.2.3.4:port`, `[v6]:port`. Nothing may be missing, and nothing may
    /// be more: no userinfo, no path, no zone, no name in brackets, no port with a sign or leading zeros.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §9.3.6
    public static Optional<Destination> parseAuthority(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.length() > AUTHORITY_MAX) {
            return Optional.empty();
        }
        int port = port(text.substring(colon + 1));
        return port < 0 ? Optional.empty() : host(text.substring(0, colon)).map(host -> new Destination(host, port));
    }

    /// Reads the authority of a URL, whose port may be missing with its colon.
    ///
    /// @param portDefault where it is missing
    public static Optional<Destination> parseAuthority(String text, int portDefault) {
        boolean hasPort = text.indexOf(':', text.lastIndexOf(']') + 1) >= 0;
        return parseAuthority(hasPort ? text : text + ":" + portDefault);
    }

    private static Optional<Host> host(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            var inner = text.substring(1, text.length() - 1);
            return inner.indexOf(':') < 0 ? Optional.empty() : Host.parse(inner);
        }
        return text.indexOf(':') < 0 ? Host.parse(text) : Optional.empty();
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > PORT_DIGITS_MAX || digits.charAt(0) == '0') {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = 10 * port + c - '0';
        }
        return port <= PORT_MAX ? port : -1;
    }

    /// `host:port`, with brackets around an IPv6 address.
    public String text() {
        return (host.text().indexOf(':') < 0 ? host.text() : "[" + host.text() + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return text();
    }
}
