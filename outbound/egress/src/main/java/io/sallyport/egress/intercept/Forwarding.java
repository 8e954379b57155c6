package io.sallyport.egress.intercept;

import io.sallyport.egress.inject.Injection;
import io.sallyport.egress.inject.MisusedException;
import io.sallyport.egress.inject.Scrubbing;
import io.sallyport.egress.intercept.InterceptedRequests.Admitted;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.http1.BadMessageException;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.proxy.HopHeaders;
import io.sallyport.wire.proxy.Relay;
import io.sallyport.wire.websocket.Handshake;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One admitted request on its way to the host, and the answer back.
///
/// Before the answer's head a failure is told the client with its reason; behind it the connection is cut, so that
/// half an answer does not look whole. Nothing is asked twice, and no redirect followed.
final class Forwarding {
    private static final Relay.Limits LIMITS =
            new Relay.Limits(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofSeconds(10));

    private final Exchange client;
    private final Admitted admitted;
    private final HttpClient upstream;
    private final FairShare share;
    private final Relay relay;
    private volatile @Nullable String misused; // set by whoever reads the body
    private int status; // of the answer that the client is given
    private Optional<EgressReason> failed = Optional.empty();

    Forwarding(Exchange client, Admitted admitted, HttpClient upstream, FairShare share) {
        this.client = client;
        this.admitted = admitted;
        this.upstream = upstream;
        this.share = share;
        this.relay = new Relay(
                client,
                upstream,
                LIMITS,
                share,
                trailers -> Injection.trailers(
                        trailers, admitted.transform(), admitted.terms().credentials()),
                headers -> admitted.terms()
                        .scrubbing()
                        .map(one -> one.headers(headers))
                        .orElse(headers),
                this::watched);
    }

    /// How it went.
    ///
    /// @param status of the answer that the client was given, whether or not it was still there; 0 for none
    /// @param reusable the host's connection can carry another request; else it is closed
    /// @param unseen the host has certainly not seen the request, and the client was told nothing
    /// @param misused the credential whose placeholder stood in the body
    record Outcome(
            int status,
            long bytesOut,
            long bytesIn,
            boolean reusable,
            boolean unseen,
            Optional<String> misused,
            Optional<EgressReason> reason) {
        static final Outcome NOTHING = new Outcome(0, 0, 0, false, false, Optional.empty(), Optional.empty());

        static Outcome refused(int status, EgressReason reason) {
            return new Outcome(status, 0, 0, false, false, Optional.empty(), Optional.of(reason));
        }
    }

    /// Runs it to its end.
    ///
    /// @param mayBeUnseen the host may have closed the connection before the request came, which is then no failure
    Outcome run(boolean mayBeUnseen) throws IOException {
        boolean released = false;
        try {
            var outcome = switch (relay.send(admitted.head())) {
                case Relay.Answer.Head(ResponseHead head) -> answer(head);
                case Relay.Answer.Raw() -> fail(EgressReason.UPSTREAM_BROKEN);
                case Relay.Answer.Failed(Relay.Failure failure) -> failed(failure, mayBeUnseen);
            };
            if (outcome.reusable()) {
                relay.release();
                released = true;
            }
            return outcome;
        } finally {
            if (!released) {
                relay.close();
            }
        }
    }

    private InputStream watched(InputStream body) {
        var inner = Injection.body(body, admitted.terms().credentials());
        return inner == body
                ? body
                : new InputStream() {
                    @Override
                    public int read() throws IOException {
                        var one = new byte[1];
                        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        try {
                            return inner.read(into, offset, length);
                        } catch (MisusedException e) {
                            misused = e.credential();
                            throw e;
                        }
                    }
                };
    }

    private Outcome failed(Relay.Failure failure, boolean mayBeUnseen) throws IOException {
        if (misused != null) {
            return fail(EgressReason.CREDENTIAL_MISUSED);
        }
        return switch (failure) {
            case BAD_REQUEST_BODY -> fail(EgressReason.BAD_REQUEST);
            case SLOW -> fail(EgressReason.CONNECT_TIMEOUT);
            case MALFORMED -> fail(EgressReason.UPSTREAM_BROKEN);
            case BROKE -> {
                if (mayBeUnseen && client.requestFraming() instanceof Framing.None && relay.unseen()) {
                    yield new Outcome(0, 0, 0, false, true, Optional.empty(), Optional.empty());
                }
                yield fail(EgressReason.UPSTREAM_BROKEN);
            }
        };
    }

    private Outcome fail(EgressReason reason) throws IOException {
        failed = Optional.of(reason);
        status = reason.status();
        ReasonAnswer.send(client, status, reason);
        return soFar();
    }

    private Outcome answer(ResponseHead head) throws IOException {
        status = head.status();
        if (status == 101) {
            return Handshake.isAgreed(client.request(), head) ? webSocket(head) : fail(EgressReason.UPSTREAM_BROKEN);
        }
        var passed = HopHeaders.response(head);
        if (admitted.terms().scrubbing().isEmpty()) {
            return ended(relay.pass(passed));
        }
        return scrubbed(passed, admitted.terms().scrubbing().get());
    }

    private Outcome scrubbed(ResponseHead head, Scrubbing scrubbing) throws IOException {
        var clean = scrubbing.head(head);
        Framing framing;
        try {
            framing = Framing.of(head, client.request().method());
        } catch (BadMessageException e) {
            return fail(EgressReason.UPSTREAM_BROKEN);
        }
        if (framing instanceof Framing.None) {
            return ended(relay.pass(clean));
        }
        var coding = Scrubbing.codingOf(head.headers());
        if (coding == Scrubbing.Coding.OTHER) {
            return fail(EgressReason.UPSTREAM_BROKEN);
        }
        var decoded = coding == Scrubbing.Coding.IDENTITY
                ? clean
                : clean.withHeaders(clean.headers().without("Content-Encoding"));
        return ended(relay.pass(decoded, body -> scrubbing.body(body, coding), scrubbing::headers));
    }

    private Outcome ended(Relay.Ended ended) {
        if (ended == Relay.Ended.APP_CUT) {
            failed = Optional.of(EgressReason.UPSTREAM_BROKEN);
        }
        return soFar();
    }

    private Outcome webSocket(ResponseHead head) throws IOException {
        var clean = admitted.terms().scrubbing().map(one -> one.head(head)).orElse(head);
        Connection toClient = client.takeOver(clean);
        Connection raw = upstream.takeOver();
        var fromHost = admitted.terms().scrubbing().map(one -> one.guard(raw)).orElse(raw);
        var ended = Duplex.run(toClient, fromHost, LIMITS.idle(), share);
        return new Outcome(101, ended.aToBBytes(), ended.bToABytes(), false, false, Optional.empty(), Optional.empty());
    }

    /// How it went up to now, for whoever cannot get it from [#run], which threw: the client has gone.
    Outcome soFar() {
        var why = misused == null ? failed : Optional.of(EgressReason.CREDENTIAL_MISUSED);
        return new Outcome(
                status,
                relay.requestBytes(),
                relay.responseBytes(),
                why.isEmpty() && relay.reusable(),
                false,
                Optional.ofNullable(misused),
                why);
    }
}
