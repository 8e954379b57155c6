package io.sallyport.egress.intercept;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import io.sallyport.rpc.egress.policy.Verdict;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.Host;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.NameSet;
import io.sallyport.wire.http1.RequestHead;
import java.util.Locale;
import java.util.Optional;

/// What is looked at in a request before it goes on. Pure.
final class RequestRules {
    /// Headers by which some servers take another method than the one that stands in the request line.
    private static final NameSet OTHER_METHODS =
            NameSet.of("x-http-method-override", "x-http-method", "x-method-override");

    /// They echo the request, with everything that was put into it; or they lead past everything.
    private static final NameSet METHODS_REFUSED = NameSet.of("connect", "trace", "track");

    private RequestRules() {}

    /// A refusal, which is answered with another status than its reason's where that says more.
    record Refusal(int status, EgressReason reason, String rule) {
        static Refusal of(EgressReason reason) {
            return new Refusal(reason.status(), reason, "");
        }
    }

    /// What is wrong with a request, whatever the policy says.
    static Optional<Refusal> check(RequestHead request, Framing framing, Destination destination, String scheme) {
        if (METHODS_REFUSED.contains(request.method())) {
            return Optional.of(new Refusal(405, EgressReason.METHOD_NOT_ALLOWED, ""));
        }
        if (!isFor(request, destination, scheme)) {
            return Optional.of(Refusal.of(EgressReason.HOST_MISMATCH));
        }
        if (request.headers().has("Upgrade")
                && !isWebSocket(request, framing)
                && !(scheme.equals("http") && offersHttp2(request))) {
            return Optional.of(Refusal.of(EgressReason.UPGRADE_REFUSED));
        }
        return Optional.empty();
    }

    /// Whether every place in which a request names its host names this one.
    private static boolean isFor(RequestHead request, Destination destination, String scheme) {
        var target = request.target();
        boolean origin = target.startsWith("/") || target.equals("*");
        if (!origin && !target.toLowerCase(Locale.ROOT).startsWith(scheme + "://")) {
            return false;
        }
        // The parser has seen to it that an absolute target names the same host as this header.
        var hosts = request.headers().all("Host");
        return hosts.isEmpty() ? origin : hosts.stream().allMatch(host -> isFor(host, destination));
    }

    private static boolean isFor(String authority, Destination destination) {
        var withPort = Destination.parseAuthority(authority);
        if (withPort.isPresent()) {
            return withPort.get().equals(destination);
        }
        var bare = authority.startsWith("[") && authority.endsWith("]")
                ? authority.substring(1, authority.length() - 1)
                : authority;
        return Host.parse(bare).filter(destination.host()::equals).isPresent();
    }

    /// Java's client offers HTTP/2 in every plain request. The offer is not passed on, so it stays an offer.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §7.8: a server may ignore it
    private static boolean offersHttp2(RequestHead request) {
        var protocols = request.headers().list("Upgrade");
        return request.wantsUpgrade()
                && protocols.size() == 1
                && protocols.getFirst().equalsIgnoreCase("h2c");
    }

    private static boolean isWebSocket(RequestHead request, Framing framing) {
        var protocols = request.headers().list("Upgrade");
        return request.method().equals("GET")
                && request.wantsUpgrade()
                && framing instanceof Framing.None
                && protocols.size() == 1
                && protocols.getFirst().equalsIgnoreCase("websocket")
                && request.headers().all("Sec-WebSocket-Key").size() == 1;
    }

    /// What the policy says to a request; where it names a second method, to both.
    static Verdict decide(CompiledPolicy policy, RequestHead request, Destination destination, String scheme) {
        var path = request.path();
        var verdict = policy.request(destination, scheme, request.method(), path);
        for (var line : request.headers()) {
            if (verdict.isAllowed() && OTHER_METHODS.containsTwin(line.name())) {
                verdict = policy.request(destination, scheme, line.value().toUpperCase(Locale.ROOT), path);
            }
        }
        return verdict;
    }
}
