package io.sallyport.gateway.seen;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.wire.http1.Exchange;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request on its way through the gateway, and when it passed which point.
///
/// - **Threads**: the exchange's.
public final class Passage {
    private final TraceContext trace;
    private final String method;
    private final String target;
    private final String host;
    private final String peer;
    private final Destination destination;
    private final long startedAtNanos = System.nanoTime();
    private final long startedAtMillis = System.currentTimeMillis();
    private final Map<Point, Long> reachedAtNanos = new EnumMap<>(Point.class);

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
        this.target = request.target();
        this.host = request.headers().first("Host").orElse("");
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
        reachedAtNanos.put(point, System.nanoTime());
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
        var at = reachedAtNanos.get(point);
        if (at == null) {
            return -1;
        }
        long before = startedAtNanos;
        for (var earlier : reachedAtNanos.entrySet()) {
            if (earlier.getKey().compareTo(point) < 0) {
                before = earlier.getValue();
            }
        }
        return at - before;
    }

    public long totalNanos() {
        return reachedAtNanos.getOrDefault(Point.ENDED, startedAtNanos) - startedAtNanos;
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

    /// The path; queries carry secrets and are not logged.
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
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
