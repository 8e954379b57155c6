package io.sallyport.gateway.seen;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.wire.http1.Exchange;
import org.jspecify.annotations.Nullable;

/// One request on its way through the gateway, and when it passed which point.
///
/// - **Threads**: the exchange's.
public final class Passage {
    private static final int TEXT_CHARS_MAX = 1 << 10;

    private final TraceContext trace;
    private final String method;
    private final String path;
    private final String host;
    private final String peer;
    private final Destination destination;
    private final long startedAtNanos = System.nanoTime();
    private final long startedAtMillis = System.currentTimeMillis();
    private long admittedAtNanos;
    private long connectedAtNanos;
    private long answeredAtNanos;
    private long endedAtNanos;

    private @Nullable Outcome outcome;
    private int status;
    private long requestBytes;
    private long responseBytes;
    private boolean reused;
    private int attempts;

    public Passage(Exchange client, Destination destination) {
        var request = client.request();
        this.trace = TraceContext.of(request.headers().first("Traceparent"));
        this.method = request.method();
        this.path = shortened(request.path());
        this.host = shortened(request.headers().first("Host").orElse(""));
        this.peer = client.peerAddress();
        this.destination = destination;
    }

    /// The points of the way, in their order.
    public enum Point {
        /// It is known where the sandbox is and that it may be reached.
        ADMITTED,
        /// There is a connection to the app.
        CONNECTED,
        /// The app's response head is there.
        ANSWERED,
        /// Everything is over.
        ENDED
    }

    public void reached(Point point) {
        long now = System.nanoTime();
        switch (point) {
            case ADMITTED -> admittedAtNanos = now;
            case CONNECTED -> connectedAtNanos = now;
            case ANSWERED -> answeredAtNanos = now;
            case ENDED -> endedAtNanos = now;
        }
    }

    /// Says that the app is asked, again or for the first time.
    ///
    /// @param reusedConnection whether on a connection that carried a request before
    public void attempt(boolean reusedConnection) {
        attempts++;
        reused = reusedConnection;
    }

    public void end(Outcome how, int sentStatus, long bytesToApp, long bytesToClient) {
        outcome = how;
        status = sentStatus;
        requestBytes = bytesToApp;
        responseBytes = bytesToClient;
        reached(Point.ENDED);
    }

    /// Nanoseconds from the point before that was reached to this one; -1 where it was not reached.
    long phaseNanos(Point point) {
        return switch (point) {
            case ADMITTED -> since(admittedAtNanos, startedAtNanos);
            case CONNECTED -> since(connectedAtNanos, admittedAtNanos, startedAtNanos);
            case ANSWERED -> since(answeredAtNanos, connectedAtNanos, admittedAtNanos, startedAtNanos);
            case ENDED -> since(endedAtNanos, answeredAtNanos, connectedAtNanos, admittedAtNanos, startedAtNanos);
        };
    }

    /// From the first of the earlier moments that is there.
    private static long since(long at, long... earlier) {
        if (at == 0) {
            return -1;
        }
        for (long before : earlier) {
            if (before != 0) {
                return at - before;
            }
        }
        return at;
    }

    public long totalNanos() {
        return endedAtNanos - startedAtNanos;
    }

    public long ageNanos() {
        return System.nanoTime() - startedAtNanos;
    }

    public TraceContext trace() {
        return trace;
    }

    /// What refusals and the log call this request.
    public String requestId() {
        return trace.traceId();
    }

    public Destination destination() {
        return destination;
    }

    /// Null before the end.
    public @Nullable Outcome outcome() {
        return outcome;
    }

    String method() {
        return method;
    }

    /// Without the query, which carries secrets.
    String path() {
        return path;
    }

    private static String shortened(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "...";
    }

    String host() {
        return host;
    }

    String peer() {
        return peer;
    }

    long startedAtMillis() {
        return startedAtMillis;
    }

    int status() {
        return status;
    }

    long requestBytes() {
        return requestBytes;
    }

    long responseBytes() {
        return responseBytes;
    }

    boolean reused() {
        return reused;
    }

    int attempts() {
        return attempts;
    }
}
