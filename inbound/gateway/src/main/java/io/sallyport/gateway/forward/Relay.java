package io.sallyport.gateway.forward;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refusal;
import io.sallyport.kit.Deadline;
import io.sallyport.wire.duplex.Duplex;
import io.sallyport.wire.http1.BadMessageException;
import io.sallyport.wire.http1.BodyInput;
import io.sallyport.wire.http1.BodyOutput;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One exchange between a client and an app.
///
/// ```
///   client ──head──▶ app            this thread
///   client ──body──▶ app            a virtual thread, where there is a body
///   client ◀─heads── app            this thread: interim ones, then the answer
///   client ◀──body── app            this thread, every read passed on at once
///   client ◀─bytes─▶ app            after a 101: Duplex
/// ```
///
/// - **Limits**: [ForwardLimits]; a buffer of [#BUFFER_BYTES] each way.
/// - **Ends**: an error before the answer's head is an [Outcome]; after it both connections are cut, because half an
///   answer must not look whole.
/// - **Closes**: the connection to the app, always; the client's is [Exchange]'s.
final class Relay {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final Duration PUMP_END_WAIT = Duration.ofSeconds(2);

    private final Exchange client;
    private final Connection app;
    private final Destination destination;
    private final ForwardLimits limits;
    private final HttpClient http;
    private final Duration headWait;
    private volatile boolean answered;
    private volatile boolean clientGone;
    private volatile boolean clientBodyBroken;

    Relay(Exchange client, Connection app, Destination destination, ForwardLimits limits) {
        this.client = client;
        this.app = app;
        this.destination = destination;
        this.limits = limits;
        this.http = new HttpClient(app, HttpLimits.DEFAULT);
        this.headWait = switch (destination) {
            case Destination.Control control -> limits.apiHead();
            case Destination.Sandbox sandbox -> limits.responseHead();
            case Destination.Nowhere nowhere -> throw new IllegalArgumentException("nowhere to relay to");
        };
    }

    void run() throws IOException {
        @Nullable Thread pump = null;
        try {
            touch();
            BodyOutput appRequest = http.send(HopHeaders.request(client, destination), client.requestFraming());
            if (client.requestFraming() instanceof Framing.None) {
                appRequest.close();
            } else {
                appRequest.flush();
                pump = Thread.ofVirtual().name("request-body").start(() -> pump(appRequest));
            }
        } catch (IOException e) {
            // An app may answer and close without reading. What it said is still to be read.
        }
        try {
            answer();
        } finally {
            app.close();
            end(pump);
        }
    }

    private void answer() throws IOException {
        ResponseHead appResponse;
        try {
            appResponse = finalHead();
        } catch (IOException e) {
            if (!client.requestBody().ended()) {
                client.closeAfter();
            }
            Refusal.answer(client, destination, outcome(e));
            return;
        }
        answered = true;
        if (appResponse.status() == 101) {
            switchProtocol(appResponse);
            return;
        }
        var appFraming = Framing.of(appResponse, client.request().method());
        // Until close becomes chunked: the client's connection goes on, and a broken answer can be told from a whole
        // one.
        var clientFraming = appFraming instanceof Framing.UntilClose ? Framing.CHUNKED : appFraming;
        BodyInput appBody = http.body(appFraming);
        BodyOutput clientBody = client.respond(HopHeaders.response(appResponse), clientFraming);
        if (appBody.available() == 0) {
            clientBody.flush();
        }
        boolean endUnknown = !(appFraming instanceof Framing.Length) && !(appFraming instanceof Framing.None);
        if (endUnknown && client.requestBody().ended()) {
            client.watchClient(this::clientGone);
        }
        copy(appBody, clientBody);
    }

    /// A client that has ended its stream may still be reading; one that has gone away never says so while the app is
    /// silent. So from now on the app has less time to be silent.
    private void clientGone() {
        clientGone = true;
        touch();
    }

    private ResponseHead finalHead() throws IOException {
        while (true) {
            var head = http.readHead();
            if (!head.interim()) {
                if (head.status() == 101 && !HopHeaders.upgrades(client)) {
                    throw new BadMessageException(502, "a 101 that nobody asked for");
                }
                Framing.of(head, client.request().method());
                return head;
            }
            client.interim(HopHeaders.response(head));
        }
    }

    private void copy(BodyInput from, BodyOutput to) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        touch();
        int n;
        while ((n = from.read(buffer, 0, buffer.length)) >= 0) {
            touch();
            to.write(buffer, 0, n);
        }
        to.close(from.trailers());
    }

    /// Passes the request's body on. Runs beside the answer, which may come before the body has ended.
    private void pump(BodyOutput appRequest) {
        var buffer = new byte[BUFFER_BYTES];
        var clientBody = client.requestBody();
        try {
            while (true) {
                int n;
                try {
                    n = clientBody.read(buffer, 0, buffer.length);
                } catch (IOException e) {
                    // The app must not take half a body for a whole one.
                    clientBodyBroken = true;
                    client.closeAfter();
                    app.close();
                    return;
                }
                if (n < 0) {
                    appRequest.close(HopHeaders.trailers(clientBody.trailers()));
                    return;
                }
                touch();
                appRequest.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // The app takes no more. Its answer, if there is one, is read by the other thread.
        }
    }

    private void touch() {
        var idle = clientGone ? limits.clientGone() : limits.idle();
        app.deadline(Deadline.after(answered ? idle : headWait));
    }

    private void switchProtocol(ResponseHead appResponse) throws IOException {
        var clientBytes = client.takeOver(HopHeaders.response(appResponse));
        Duplex.run(clientBytes, http.takeOver(), limits.idle());
    }

    /// The body's thread must have ended before anybody else reads from the client.
    private void end(@Nullable Thread pump) {
        if (pump == null) {
            return;
        }
        try {
            if (!pump.join(PUMP_END_WAIT)) {
                client.abort();
                pump.join();
            }
        } catch (InterruptedException e) {
            client.abort();
            Thread.currentThread().interrupt();
        }
    }

    private Outcome outcome(IOException e) {
        if (clientBodyBroken) {
            return Outcome.BAD_REQUEST_BODY;
        }
        return switch (e) {
            case DeadlinePassedException late -> Outcome.APP_SLOW;
            case BadMessageException bad -> Outcome.APP_MALFORMED;
            default -> Outcome.APP_BROKE;
        };
    }
}
