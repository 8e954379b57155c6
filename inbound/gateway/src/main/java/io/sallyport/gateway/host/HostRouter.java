package io.sallyport.gateway.host;

import io.sallyport.gateway.page.Dialect;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.http1.RequestHead;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads the destination from `Host`, or from the two routing headers. Pure.
///
/// `{port}-{cl-id}.{domain}`, without regard to case, to a trailing dot, or to the port behind the name. The
/// routing headers count only where the host is `localhost` or an IP address: otherwise a page of one sandbox
/// could address another by header. Source: reference/sandbox-api.md §1.4, §4.1.
public final class HostRouter {
    private static final String ID_HEADER = "E2b-Sandbox-Id";
    private static final String PORT_HEADER = "E2b-Sandbox-Port";

    private static final Pattern IP_V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private final Map<String, Dialect> domains;

    /// A router.
    ///
    /// @param domains names without port, in lower case
    public HostRouter(Map<String, Dialect> domains) {
        this.domains = Map.copyOf(domains);
    }

    public Destination route(RequestHead clientRequest) {
        var authority = clientRequest.headers().first("Host").orElse("").toLowerCase(Locale.ROOT);
        var host = nameOf(authority);
        if (isLocal(host)) {
            return byHeaders(clientRequest);
        }
        int dot = host.indexOf('.');
        var dialect = dot < 0 ? null : domains.get(host.substring(dot + 1));
        if (dialect == null) {
            return new Destination.Control();
        }
        var label = host.substring(0, dot);
        int dash = label.indexOf('-');
        if (!isOfSandbox(label, dash)) {
            return new Destination.Control();
        }
        return sandbox(label.substring(dash + 1), label.substring(0, dash), authority.substring(dot + 1), dialect);
    }

    /// What looks like a sandbox's label, well-formed or not: `{digits}-…` or `…-cl-…`.
    private static boolean isOfSandbox(String label, int dash) {
        if (dash < 0) {
            return false;
        }
        if (label.startsWith(SandboxId.PREFIX, dash + 1)) {
            return true;
        }
        for (int i = 0; i < dash; i++) {
            if (label.charAt(i) < '0' || label.charAt(i) > '9') {
                return false;
            }
        }
        return dash > 0;
    }

    private static Destination byHeaders(RequestHead clientRequest) {
        var id = clientRequest.headers().first(ID_HEADER);
        var port = clientRequest.headers().first(PORT_HEADER);
        if (id.isEmpty() && port.isEmpty()) {
            return new Destination.Control();
        }
        if (id.isEmpty() || port.isEmpty()) {
            return new Destination.Nowhere(Outcome.MISSING_ROUTING_HEADER);
        }
        return sandbox(id.get(), port.get(), "", Dialect.STANDARD);
    }

    private static Destination sandbox(String idText, String portText, String site, Dialect dialect) {
        var port = Port.parse(portText);
        if (port.isEmpty()) {
            return new Destination.Nowhere(Outcome.BAD_PORT);
        }
        return SandboxId.parse(idText)
                .<Destination>map(id -> new Destination.Sandbox(id, port.get(), site, dialect))
                .orElseGet(() -> new Destination.Nowhere(Outcome.BAD_ID));
    }

    /// The host's name without port and trailing dot.
    static String nameOf(String authority) {
        var name = authority;
        int colon = name.startsWith("[") ? name.indexOf(':', name.indexOf(']') + 1) : name.indexOf(':');
        if (colon >= 0) {
            name = name.substring(0, colon);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost")
                || host.startsWith("[")
                || IP_V4.matcher(host).matches();
    }
}
