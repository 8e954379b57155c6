package io.sallyport.wire.proxy;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.http1.BadMessageException;
import io.sallyport.wire.http1.BodyInput;
import io.sallyport.wire.http1.BodyOutput;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpVersion;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.BulkThreads;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.net.FairShare;
import io.sallyport.wire.net.Lane;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One exchange between a client and an app, in two steps: [#send] until the app's final head, then [#pass] it
/// on.
///
/// ```
///   send   client ──head──▶ app            this thread
///          client ──body──▶ app            a thread of the same lane, where a body is still to come
///          client ◀──1xx─── app            this thread
///   pass   client ◀─head, body── app       this thread, every read passed on at once
///          client ◀──bytes──▶ app          after a 101: Duplex
/// ```
///
/// - **Limits**: [Limits]; a buffer of [#BUFFER_BYTES_MAX] each way.
/// - **Ends**: before the answer's head a failure is a value and the client has been told nothing; after it
///   both connections are cut, because half an answer must not look whole.
/// - **Closes**: [#close()] the app's connection, unless it is [#reusable()]; the client's is [Exchange]'s.
public final class Relay {
    private static final int BUFFER_BYTES_MIN = 8 << 10;
    private static final int BUFFER_BYTES_MAX = 128 << 10;
    /// A kernel refuses at once; what takes longer, an app has thought about.
    private static final long REFUSED_WITHIN_NANOS = 20_000_000;

    private static final Duration PUMP_END_WAIT = Duration.ofSeconds(2);

    private final Exchange client;
    private final HttpClient app;
    private final Limits limits;
    private final FairShare share;
    private final UnaryOperator<Headers> requestTrailers;
    private final UnaryOperator<Headers> interimHeaders;
    private final UnaryOperator<InputStream> requestBody;
    private @Nullable Thread pump;
    private @Nullable ResponseHead appResponse;
    private Framing appFraming = Framing.NONE;
    private boolean upgraded;
    private boolean seen;
    private boolean nothingCame;
    private boolean ended;
    private boolean released;
    private long sentAtNanos;
    private volatile boolean answered;
    private volatile boolean clientGone;
    private volatile boolean clientBodyBroken;
    private volatile boolean requestSent;
    private volatile long requestBytes;
    private long responseBytes;

    /// A relay.
    ///
    /// @param share whose bytes are counted, in both directions; the caller closes it behind the relay
    /// @param requestTrailers what of the client's trailers the app gets, beside what [HopHeaders#trailers]
    /// takes away
    /// @param interimHeaders what of the headers of an interim answer the client gets, hop-by-hop ones aside
    public Relay(
            Exchange client,
            HttpClient app,
            Limits limits,
            FairShare share,
            UnaryOperator<Headers> requestTrailers,
            UnaryOperator<Headers> interimHeaders) {
        this(client, app, limits, share, requestTrailers, interimHeaders, body -> body);
    }

    /// A relay that lets somebody look at the request's body on its way.
    ///
    /// @param requestBody what is read in place of the client's body: as many bytes as that, at once where they are
    /// there. What it throws cuts the request, as a client does that breaks off
    public Relay(
            Exchange client,
            HttpClient app,
            Limits limits,
            FairShare share,
            UnaryOperator<Headers> requestTrailers,
            UnaryOperator<Headers> interimHeaders,
            UnaryOperator<InputStream> requestBody) {
        this.client = client;
        this.app = app;
        this.limits = limits;
        this.share = share;
        this.requestTrailers = requestTrailers;
        this.interimHeaders = interimHeaders;
        this.requestBody = requestBody;
    }

    /// How long a relay waits.
    ///
    /// @param responseHead from the last byte of the request that was passed on to the app's response head
    /// @param idle in a body or an upgraded connection, without a byte in any direction
    /// @param clientGone in place of `idle` when the client has ended its stream while an answer without length
    /// goes on
    public record Limits(Duration responseHead, Duration idle, Duration clientGone) {}

    /// What the app said to a request.
    public sealed interface Answer {
        /// A final response head.
        record Head(ResponseHead head) implements Answer {}

        /// Something that is no HTTP, to a request to upgrade.
        record Raw() implements Answer {}

        /// Nothing that could be passed on.
        record Failed(Failure failure) implements Answer {}
    }

    /// Why there is no answer.
    public enum Failure {
        /// The client's body broke off or was malformed.
        BAD_REQUEST_BODY,
        /// No response head in time.
        SLOW,
        /// What came is not HTTP, or ambiguous.
        MALFORMED,
        /// The app broke off.
        BROKE
    }

    /// How the passing on ended.
    public enum Ended {
        /// The whole answer was passed on.
        WHOLE,
        /// The app ended or broke the answer before its end.
        APP_CUT,
        /// The client took no more.
        CLIENT_CUT,
        /// An upgraded connection, which both sides or the idle time ended.
        TUNNEL
    }

    /// Sends the request with the client's body and waits for the answer.
    public Answer send(RequestHead appRequest) {
        touch();
        boolean broken = false;
        sentAtNanos = System.nanoTime();
        try {
            sendRequest(appRequest);
        } catch (IOException e) {
            // An app may answer and close without reading. What it said is still to be read.
            broken = true;
        }
        try {
            if (HopHeaders.upgrades(client) && app.answersWithoutHttp()) {
                return new Answer.Raw();
            }
            return new Answer.Head(finalHead());
        } catch (IOException e) {
            if (!client.requestBody().ended()) {
                client.closeAfter();
            }
            return new Answer.Failed(failure(e, broken));
        }
    }

    private void sendRequest(RequestHead appRequest) throws IOException {
        var framing = client.requestFraming();
        BodyOutput appBody = app.send(appRequest, framing);
        if (framing instanceof Framing.None) {
            appBody.close();
            requestSent = true;
        } else if (framing instanceof Framing.Length(long bytes)
                && bytes <= client.requestBody().available()) {
            appBody.write(wholeBody((int) bytes));
            appBody.close();
            requestBytes = bytes;
            requestSent = true;
        } else {
            appBody.flush();
            pump = Lane.fork("request-body", () -> pump(appBody));
        }
    }

    private byte[] wholeBody(int bytes) throws IOException {
        try {
            return requestBody.apply(client.requestBody()).readNBytes(bytes);
        } catch (IOException e) {
            bodyBroke();
            throw e;
        }
    }

    /// The app must not take half a body for a whole one.
    private void bodyBroke() {
        clientBodyBroken = true;
        client.closeAfter();
        app.close();
    }

    private ResponseHead finalHead() throws IOException {
        while (true) {
            var head = app.readHead();
            if (head.interim()) {
                seen = true;
                var passed = HopHeaders.response(head);
                client.interim(passed.withHeaders(interimHeaders.apply(passed.headers())));
                continue;
            }
            if (head.status() == 101 && !HopHeaders.upgrades(client)) {
                throw new BadMessageException(502, "a 101 that nobody asked for");
            }
            appFraming = Framing.of(head, client.request().method());
            appResponse = head;
            return head;
        }
    }

    /// The first bytes of the answer as they are on the wire behind its head, without taking them away. Waits
    /// for a body whose length is known to its end, or to `most` bytes; of any other for the first byte.
    public byte[] peekBody(int most) throws IOException {
        return switch (appFraming) {
            case Framing.None none -> new byte[0];
            case Framing.Length(long bytes) -> app.peek((int) Math.min(bytes, most));
            case Framing.Chunked chunked -> app.peek(1);
            case Framing.UntilClose untilClose -> app.peek(1);
        };
    }

    /// The first bytes of an answer that is no HTTP.
    public byte[] peekRaw() throws IOException {
        return app.peek(1);
    }

    /// Passes the answer on under `head`, whose framing headers are replaced by what is sent.
    public Ended pass(ResponseHead head) throws IOException {
        answered = true;
        if (head.status() == 101) {
            return tunnel(head);
        }
        // Until close becomes chunked: the client's connection goes on, and a broken answer can be told from a whole
        // one.
        var clientFraming = appFraming instanceof Framing.UntilClose ? Framing.CHUNKED : appFraming;
        BodyInput appBody = app.body(appFraming);
        BodyOutput clientBody = client.respond(head, clientFraming);
        if (appBody.available() == 0) {
            clientBody.flush();
        }
        boolean endUnknown = !(appFraming instanceof Framing.Length) && !(appFraming instanceof Framing.None);
        if (endUnknown && client.requestBody().ended()) {
            client.watchClient(this::clientGone);
        }
        return copy(appBody, appBody, clientBody, HopHeaders::trailers);
    }

    /// Passes the answer on under `head` with another body, whose length nobody knows before its end. Not for an
    /// answer without a body, nor for 101.
    ///
    /// @param body what is read in place of the app's body, to the end of which it must read. What it throws cuts
    /// the answer, as an app does that breaks off
    /// @param trailers what the client gets of the app's trailers, hop-by-hop ones aside
    public Ended pass(ResponseHead head, UnaryOperator<InputStream> body, UnaryOperator<Headers> trailers)
            throws IOException {
        answered = true;
        BodyInput appBody = app.body(appFraming);
        BodyOutput clientBody = client.respond(head, Framing.CHUNKED);
        if (appBody.available() == 0) {
            clientBody.flush();
        }
        if (client.requestBody().ended()) {
            client.watchClient(this::clientGone);
        }
        return copy(appBody, body.apply(appBody), clientBody, all -> trailers.apply(HopHeaders.trailers(all)));
    }

    /// Passes on what is no HTTP, byte for byte, and ends the connection. Nothing more goes to the app: a proxy
    /// before us that takes it for an answer after all must not send it other people's requests.
    public Ended passRaw() throws IOException {
        answered = true;
        upgraded = true;
        var from = app.takeOver();
        try (var to = client.takeOver()) {
            var buffer = new byte[BUFFER_BYTES_MIN];
            touch();
            for (int n = from.read(buffer, 0, buffer.length); n >= 0; n = from.read(buffer, 0, buffer.length)) {
                touch();
                to.write(buffer, 0, n);
                responseBytes += n;
                share.copied(n);
            }
            to.shutdownOutput();
            return Ended.WHOLE;
        } catch (IOException e) {
            return Ended.APP_CUT;
        }
    }

    private Ended tunnel(ResponseHead head) throws IOException {
        return tunnel(client.takeOver(head));
    }

    private Ended tunnel(Connection clientBytes) {
        upgraded = true;
        var ended = Duplex.run(clientBytes, app.takeOver(), limits.idle(), share);
        requestBytes = ended.aToBBytes();
        responseBytes = ended.bToABytes();
        return Ended.TUNNEL;
    }

    private Ended copy(BodyInput from, InputStream body, BodyOutput to, UnaryOperator<Headers> trailers) {
        var buffer = new byte[firstBuffer()];
        touch();
        while (true) {
            int n;
            try {
                n = body.read(buffer, 0, buffer.length);
            } catch (IOException e) {
                client.abort();
                return Ended.APP_CUT;
            }
            try {
                if (n < 0) {
                    to.close(trailers.apply(from.trailers()));
                    return Ended.WHOLE;
                }
                touch();
                to.write(buffer, 0, n);
            } catch (IOException e) {
                client.abort();
                return Ended.CLIENT_CUT;
            }
            responseBytes += n;
            share.copied(n);
            if (body == from && isLarge(appFraming) && from.direct()) {
                // An interactive thread is preempted as any, and its client is not to wait for previews.
                return Lane.current() == Lane.BULK ? BulkThreads.run(() -> copyDirect(from, to)) : copyDirect(from, to);
            }
            if (n == buffer.length && n < BUFFER_BYTES_MAX && !(body == from && from.ended())) {
                buffer = new byte[2 * n];
            }
        }
    }

    private static boolean isLarge(Framing framing) {
        return framing instanceof Framing.Length(long bytes) && bytes > BUFFER_BYTES_MAX;
    }

    /// The rest of a large body with a length, past the heap.
    private Ended copyDirect(BodyInput from, BodyOutput to) {
        var buffer = DirectBuffers.take();
        try {
            while (!from.ended()) {
                buffer.clear();
                try {
                    from.read(buffer);
                } catch (IOException e) {
                    client.abort();
                    return Ended.APP_CUT;
                }
                touch();
                int n = buffer.flip().remaining();
                responseBytes += n;
                try {
                    to.write(buffer);
                } catch (IOException e) {
                    client.abort();
                    return Ended.CLIENT_CUT;
                }
                share.copied(n);
            }
            to.close();
            return Ended.WHOLE;
        } catch (IOException e) {
            client.abort();
            return Ended.CLIENT_CUT;
        } finally {
            DirectBuffers.give(buffer);
        }
    }

    private int firstBuffer() {
        return appFraming instanceof Framing.Length(long bytes) && !isLarge(appFraming)
                ? Math.clamp(bytes, 1, BUFFER_BYTES_MAX)
                : BUFFER_BYTES_MIN;
    }

    /// Passes the request's body on. Runs beside the answer, which may come before the body has ended.
    private void pump(BodyOutput appRequest) {
        var clientBody = client.requestBody();
        var body = requestBody.apply(clientBody);
        var buffer = new byte[BUFFER_BYTES_MIN];
        long sent = 0;
        try {
            while (true) {
                int n;
                try {
                    n = body.read(buffer, 0, buffer.length);
                } catch (IOException e) {
                    bodyBroke();
                    return;
                }
                if (n < 0) {
                    appRequest.close(requestTrailers.apply(HopHeaders.trailers(clientBody.trailers())));
                    requestSent = true;
                    return;
                }
                touch();
                appRequest.write(buffer, 0, n);
                sent += n;
                requestBytes = sent;
                share.copied(n);
                if (n == buffer.length && n < BUFFER_BYTES_MAX) {
                    buffer = new byte[2 * n];
                }
            }
        } catch (IOException e) {
            // The app takes no more. Its answer, if there is one, is read by the other thread.
        }
    }

    /// A client that has ended its stream may still be reading; one that has gone away never says so while the
    /// app is silent. So from now on the app has less time to be silent.
    private synchronized void clientGone() {
        if (!released) { // else the app's connection serves somebody else by now
            clientGone = true;
            touch();
        }
    }

    private void touch() {
        var idle = clientGone ? limits.clientGone() : limits.idle();
        var wait = answered ? idle : limits.responseHead();
        app.deadline(wait.isZero() ? Deadline.NEVER : Deadline.after(wait));
    }

    /// Whether the app's connection may carry another request: everything was said on both sides, and in a way
    /// that leaves no doubt where it ends.
    public boolean reusable() {
        var head = appResponse;
        return head != null
                && !upgraded
                && !HopHeaders.upgrades(client)
                && requestSent
                && client.complete()
                && head.version() == HttpVersion.HTTP_1_1
                && !(appFraming instanceof Framing.UntilClose)
                && !maySendMore(head)
                && !head.headers().lists("Connection", "close")
                && app.buffered() == 0;
    }

    /// An app that is wrong about answers without body sends one later, which would be the next request's
    /// answer.
    private boolean maySendMore(ResponseHead head) {
        return appFraming instanceof Framing.None
                && (head.headers().has("Content-Length") || head.headers().has("Transfer-Encoding"));
    }

    /// Bytes of the request's body that the app was given, or of the tunnel.
    public long requestBytes() {
        return requestBytes;
    }

    /// Bytes of the answer's body that the client was given, or of the tunnel.
    public long responseBytes() {
        return responseBytes;
    }

    /// Closes the app's connection and ends the body's thread: it must have ended before anybody else reads
    /// from the client.
    public void close() {
        app.close();
        endPump();
    }

    /// Lets go of the app's connection, which stays open for others.
    public void release() {
        synchronized (this) {
            released = true;
        }
        endPump();
    }

    private void endPump() {
        if (pump == null) {
            return;
        }
        try {
            if (!pump.join(PUMP_END_WAIT)) {
                client.abort();
                app.close();
                pump.join();
            }
        } catch (InterruptedException e) {
            client.abort();
            Thread.currentThread().interrupt();
        }
    }

    private Failure failure(IOException e, boolean broken) {
        boolean atOnce = System.nanoTime() - sentAtNanos < REFUSED_WITHIN_NANOS;
        boolean byUs = e instanceof ClosedChannelException;
        nothingCame = atOnce && !byUs && !seen && app.buffered() == 0;
        ended = e instanceof EOFException && !broken;
        if (clientBodyBroken) {
            return Failure.BAD_REQUEST_BODY;
        }
        return switch (e) {
            case DeadlinePassedException late -> Failure.SLOW;
            case BadMessageException bad -> Failure.MALFORMED;
            default -> Failure.BROKE;
        };
    }

    /// Whether a request that [Failure#BROKE] off was certainly not read by the app: its end of the connection
    /// was gone when the request came, which shows at once. To be asked at most once.
    public boolean unseen() {
        return nothingCame && (!ended || app.refusedTheLast());
    }
}
