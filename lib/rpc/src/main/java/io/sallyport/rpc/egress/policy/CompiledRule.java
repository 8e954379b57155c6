package io.sallyport.rpc.egress.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One entry of a list, checked. Immutable.
///
/// @param index its place in its list
/// @param label `allow[0] *.example.com`
record CompiledRule(
        int index,
        String label,
        Target target,
        Set<Integer> ports,
        Set<String> schemes,
        Set<String> methods,
        List<PathPattern> paths) {
    static final String TCP = "tcp";
    static final Set<String> SCHEMES = Set.of("https", "http", TCP);

    /// @param text a path in the form of [RequestPath], without the `*` of a prefix
    record PathPattern(String text, boolean prefix) {
        boolean fits(String path) {
            return prefix ? path.startsWith(text) : path.equals(text);
        }
    }

    /// What is known of an attempt; null is not yet.
    ///
    /// @param port 0: not yet
    record Attempt(
            int port, @Nullable String scheme, @Nullable Request request) {}

    /// @param path the form that rules are compared with; empty where the path has none
    record Request(String method, Optional<String> path) {}

    /// Whether it speaks of requests, and so of nothing that is not looked into.
    boolean isLimited() {
        return !methods.isEmpty() || !paths.isEmpty();
    }

    boolean allows(Attempt attempt) {
        return portAllowed(attempt) && schemeAllowed(attempt) && requestAllowed(attempt);
    }

    boolean portAllowed(Attempt attempt) {
        return ports.isEmpty() || attempt.port == 0 || ports.contains(attempt.port);
    }

    /// Through `tcp` nobody sees requests, so a rule about requests does not allow it.
    boolean schemeAllowed(Attempt attempt) {
        var scheme = attempt.scheme;
        return scheme == null
                || ((schemes.isEmpty() || schemes.contains(scheme)) && !(isLimited() && scheme.equals(TCP)));
    }

    /// Methods are compared as they are: a server may take `get` for another one. A path without a form fits nothing.
    private boolean requestAllowed(Attempt attempt) {
        var request = attempt.request;
        return request == null
                || ((methods.isEmpty() || methods.contains(request.method))
                        && (paths.isEmpty()
                                || request.path.filter(this::isListed).isPresent()));
    }

    /// Unlike [#allows], in doubt yes; but a rule about some ports, schemes or requests does not deny all of a host.
    boolean denies(Attempt attempt) {
        return (ports.isEmpty() || ports.contains(attempt.port)) && schemeDenied(attempt) && requestDenied(attempt);
    }

    /// `tcp` is only what a client says: it can carry the others.
    private boolean schemeDenied(Attempt attempt) {
        var scheme = attempt.scheme;
        return schemes.isEmpty() || (scheme != null && (scheme.equals(TCP) || schemes.contains(scheme)));
    }

    private boolean requestDenied(Attempt attempt) {
        if (!isLimited()) {
            return true;
        }
        var request = attempt.request;
        if (request == null) {
            return TCP.equals(attempt.scheme);
        }
        boolean method = methods.isEmpty() || methods.stream().anyMatch(request.method::equalsIgnoreCase);
        return method && (paths.isEmpty() || request.path.isEmpty() || isListed(request.path.get()));
    }

    private boolean isListed(String path) {
        return paths.stream().anyMatch(pattern -> pattern.fits(path));
    }
}
