package io.sallyport.egress.tunnel;

import io.sallyport.egress.audit.AuditException;
import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.audit.Draft;
import io.sallyport.egress.session.Known;
import io.sallyport.egress.session.Outlet;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.Verdict;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.util.Optional;

/// Answers whether a name may be resolved. Nothing is resolved for that.
final class Names {
    private static final String QUERY = "name=";

    private final AuditLog audit;

    Names(AuditLog audit) {
        this.audit = audit;
    }

    void answer(Exchange exchange, Outlet outlet, Known known) throws IOException {
        if (!outlet.mayAskName()) {
            TunnelEndpoint.refuse(exchange, EgressReason.LIMIT);
            return;
        }
        var query = exchange.request().query();
        var name =
                query.startsWith(QUERY) ? HostName.parse(query.substring(QUERY.length())) : Optional.<HostName>empty();
        var verdict = name.map(asked -> verdict(known, asked))
                .orElseGet(() -> new Verdict.Refused(EgressReason.BAD_TARGET, ""));
        var draft =
                Draft.name(outlet.sandbox()).target("", name.map(HostName::text).orElse(query), 0);
        switch (verdict) {
            case Verdict.Refused(var reason, var rule) -> {
                outlet.refused(reason, name.map(HostName::text).orElse(query), 0, rule);
                audit.note(draft.refused(reason, rule).status(reason.status()));
                TunnelEndpoint.refuse(exchange, reason);
            }
            case Verdict.Allowed(var rule) -> {
                try {
                    audit.append(draft.allowed(rule));
                    exchange.respond(204, Headers.EMPTY, new byte[0]);
                } catch (AuditException e) {
                    TunnelEndpoint.refuse(exchange, EgressReason.AUDIT_UNAVAILABLE);
                }
            }
        }
    }

    private static Verdict verdict(Known known, HostName name) {
        return switch (name.text()) {
            case EgressApi.CANARY_ALLOWED -> new Verdict.Allowed(Draft.CANARY);
            case EgressApi.CANARY_DENIED -> new Verdict.Refused(EgressReason.HOST_DENIED, Draft.CANARY);
            default -> known.policy().name(name);
        };
    }
}
