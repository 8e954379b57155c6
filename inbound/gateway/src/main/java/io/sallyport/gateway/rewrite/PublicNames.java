package io.sallyport.gateway.rewrite;

import io.sallyport.gateway.host.Destination;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.util.Locale;
import java.util.Optional;

/// Turns addresses that are true inside a sandbox into those a client reaches. Pure.
///
/// | the app says | the client gets |
/// |---|---|
/// | `http://localhost:3000/x#f` | `http://3000-cl-….localhost:8000/x#f` |
/// | `//127.0.0.1:5173/x` | `//5173-cl-….localhost:8000/x` |
/// | `http://3000-cl-….localhost/x` | `http://3000-cl-….localhost:8000/x` |
/// | `/x`, `x`, `?q`, `#f`, any other host or scheme | what the app said |
///
/// @param scheme how the client speaks to us: `http` or `https`
record PublicNames(Destination.Sandbox to, String scheme) {
    /// A reference as the client must follow it.
    String reference(String reference) {
        int authority = authorityStart(reference);
        if (authority < 0) {
            return reference;
        }
        int end = authority;
        while (end < reference.length() && "/?#\\".indexOf(reference.charAt(end)) < 0) {
            end++;
        }
        boolean schemeless = authority == 2;
        boolean secure = reference.regionMatches(true, 0, "https:", 0, 6);
        int portDefault = schemeless ? to.port().number() : secure ? 443 : 80;
        var said = reference.substring(authority, end);
        var port = portOf(said, portDefault);
        // An app that insists on https means the outside by it: turned back, its redirect would never end.
        if (port.isEmpty() || (secure && scheme.equals("http") && said.contains(SandboxId.PREFIX))) {
            return reference;
        }
        return (schemeless ? "//" : scheme + "://") + to.authority(port.get().number()) + reference.substring(end);
    }

    /// Where the host begins behind `//` of a relative reference or of an `http` or `https` one; -1 elsewhere.
    private static int authorityStart(String reference) {
        if (reference.startsWith("//")) {
            return 2;
        }
        if (reference.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        return reference.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    /// The port of this sandbox that an authority means; empty when it means something else.
    private Optional<Port> portOf(String authority, int portDefault) {
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        var name = (hasPort ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
        if (isLoopback(name)) {
            return hasPort ? Port.parse(authority.substring(colon + 1)) : Optional.of(new Port(portDefault));
        }
        int dash = name.indexOf('-');
        if (dash > 0 && name.equals(hostName(name.substring(0, dash)))) {
            return Port.parse(name.substring(0, dash));
        }
        return Optional.empty();
    }

    private String hostName(String port) {
        return port + "-" + to.id() + "." + domain();
    }

    /// The site without its port and trailing dot.
    String domain() {
        int colon = to.site().indexOf(':');
        var name = colon < 0 ? to.site() : to.site().substring(0, colon);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    static boolean isLoopback(String name) {
        return switch (name) {
            case "localhost", "127.0.0.1", "[::1]", "0.0.0.0", "[::]" -> true;
            default -> false;
        };
    }
}
