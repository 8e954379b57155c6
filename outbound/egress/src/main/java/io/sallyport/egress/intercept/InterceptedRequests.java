package io.sallyport.egress.intercept;

import io.sallyport.egress.inject.Injection;
import io.sallyport.egress.inject.MisusedException;
import io.sallyport.egress.intercept.Forwarding.Outcome;
import io.sallyport.egress.intercept.RequestRecord.Moment;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.rpc.egress.policy.Verdict;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.http1.BadMessageException;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.http1.NameSet;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.proxy.HopHeaders;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The requests of one client's connection, each judged by itself and before a byte of it goes on, also before the
/// host could say `100 Continue`. A refusal is an answer; the connection goes on where the rest of the request could
/// be read away.
final class InterceptedRequests implements HttpServer.Handler {
    /// An answer that is to be cleaned must be one that can be read, from its beginning to its end.
    private static final NameSet HIDING =
            NameSet.of("accept-encoding", "a-im", "if-range", "range", "sec-websocket-extensions");

    private final Intercepted about;
    private final UpstreamSlot upstream;
    private final FairShare share;

    InterceptedRequests(Intercepted about, UpstreamSlot upstream, FairShare share) {
        this.about = about;
        this.upstream = upstream;
        this.share = share;
    }

    /// A request that may go on.
    ///
    /// @param credentials names of those in it
    record Admitted(
            RequestHead head, String rule, List<String> credentials, Terms terms, Optional<Transform> transform) {}

    @Override
    public void handle(Exchange client) throws IOException {
        var request = client.request();
        var wrong = RequestRules.check(request, client.requestFraming(), about.destination(), about.scheme());
        if (wrong.isPresent()) {
            refuse(client, wrong.get().status(), wrong.get().reason(), "", List.of());
            return;
        }
        Terms terms;
        try {
            terms = about.terms().now();
        } catch (RefusedException e) {
            refuse(client, e.reason(), "", List.of());
            return;
        }
        switch (RequestRules.decide(terms.policy(), request, about.destination(), about.scheme())) {
            case Verdict.Refused(EgressReason reason, String rule) -> refuse(client, reason, rule, List.of());
            case Verdict.Allowed(String rule) -> {
                Admitted admitted;
                try {
                    admitted = admit(client, terms, rule);
                } catch (MisusedException e) {
                    refuse(client, EgressReason.CREDENTIAL_MISUSED, rule, List.of(e.credential()));
                    return;
                }
                pass(client, admitted);
            }
        }
    }

    private Admitted admit(Exchange client, Terms terms, String rule) throws MisusedException {
        var request = client.request();
        var transform = transform(terms);
        boolean scrubbed = terms.scrubbing().isPresent();
        var kept = HopHeaders.request(request.headers()).stream()
                .filter(line -> !line.is("Host") && !isForProxies(line))
                .filter(line -> !(scrubbed && HIDING.containsTwin(line.name())))
                .toList();
        var plain = new RequestHead(request.method(), request.originForm(), request.version(), Headers.of(kept));
        var filled = Injection.fill(plain, about.destination(), about.scheme(), transform, terms.credentials());
        var headers = new Headers.Builder(List.of(new Header("Host", about.authority())));
        filled.head().headers().forEach(line -> headers.add(line.name(), line.value()));
        if (scrubbed) {
            headers.add("Accept-Encoding", acceptsGzip(request) ? "gzip" : "identity");
        }
        HopHeaders.addConnection(client, headers);
        return new Admitted(filled.head().withHeaders(headers.build()), rule, filled.used(), terms, transform);
    }

    /// What the policy sets, often a credential, never goes through the net in the clear.
    private Optional<Transform> transform(Terms terms) {
        return about.scheme().equals(Intercepted.HTTPS) && about.destination().host() instanceof HostName name
                ? terms.policy().transform(name)
                : Optional.empty();
    }

    private static boolean isForProxies(Header line) {
        return line.name().toLowerCase(Locale.ROOT).startsWith("proxy-");
    }

    private static boolean acceptsGzip(RequestHead request) {
        return request.headers().lists("Accept-Encoding", "gzip");
    }

    /// What was decided is in the log before anything goes on, and how it ended whatever happens on the way.
    private void pass(Exchange client, Admitted admitted) throws IOException {
        try {
            record(client, Moment.DECIDED, Outcome.NOTHING, admitted.rule(), admitted.credentials());
        } catch (RefusedException e) {
            answer(client, e.reason().status(), e.reason());
            return;
        }
        Forwarding forward = null;
        Outcome outcome = null;
        try {
            var http = upstream.take();
            forward = new Forwarding(client, admitted, http, share);
            outcome = forward.run(upstream.usedBefore());
            if (outcome.unseen()) {
                outcome = null;
                http = upstream.take();
                forward = new Forwarding(client, admitted, http, share);
                outcome = forward.run(false);
            }
            if (outcome.reusable()) {
                upstream.keep(http);
            }
        } catch (RefusedException e) {
            outcome = Outcome.refused(e.reason().status(), e.reason());
            answer(client, e.reason().status(), e.reason());
        } finally {
            if (outcome == null) {
                outcome = forward == null ? Outcome.NOTHING : forward.soFar();
            }
            var named = outcome.misused().map(List::of).orElse(admitted.credentials());
            record(client, Moment.ENDED, outcome, admitted.rule(), named);
        }
    }

    private void refuse(Exchange client, EgressReason reason, String rule, List<String> credentials)
            throws IOException {
        refuse(client, reason.status(), reason, rule, credentials);
    }

    private void refuse(Exchange client, int status, EgressReason reason, String rule, List<String> credentials)
            throws IOException {
        try {
            record(client, Moment.DECIDED, Outcome.refused(status, reason), rule, credentials);
        } catch (RefusedException e) {
            answer(client, e.reason().status(), e.reason());
            return;
        }
        answer(client, status, reason);
    }

    private static void answer(Exchange client, int status, EgressReason reason) throws IOException {
        if (client.request().headers().has("Expect") && !client.requestBody().ended()) {
            client.closeAfter(); // nobody can tell whether its body still comes
        }
        ReasonAnswer.send(client, status, reason);
    }

    private void record(Exchange client, Moment moment, Outcome outcome, String rule, List<String> credentials)
            throws RefusedException {
        var request = client.request();
        about.audit()
                .add(new RequestRecord(
                        moment,
                        request.method(),
                        request.path(),
                        outcome.status(),
                        outcome.bytesOut(),
                        outcome.bytesIn(),
                        rule,
                        credentials,
                        outcome.reason()));
    }

    @Override
    public byte[] badMessage(BadMessageException e) {
        return EgressRefusal.of(EgressReason.BAD_REQUEST, e.status()).json();
    }
}
