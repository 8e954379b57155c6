package io.sallyport.agent.sandbox;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.rpc.guest.InitRequest;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.netns.Netns;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Talks to a sandbox's guest daemon, from inside its network namespace.
final class GuestClient {
    private static final Duration READY_WAIT = Duration.ofSeconds(30);
    private static final Duration CALL_WAIT = Duration.ofSeconds(10);
    private static final long RETRY_NANOS = 2_000_000;
    private static final int LOG_BYTES_MAX = 1 << 20;

    private final Netns netns;
    private final String accessToken;

    GuestClient(Netns netns, String accessToken) {
        this.netns = netns;
        this.accessToken = accessToken;
    }

    /// Waits for the daemon's door and tells it what it needs to know. Returns when it is ready for everybody.
    void init(InitRequest request, BooleanSupplier alive) throws IOException {
        byte[] json = RecordJson.write(request);
        try (var connection = firstConnection(alive)) {
            connection.deadline(Deadline.after(READY_WAIT)); // with many that start at a time this takes long
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var head = RequestHead.of("POST", InitRequest.PATH, Headers.of("Host", "guest", "Connection", "close"));
            try (var body = http.send(head, new Framing.Length(json.length))) {
                body.write(json);
            }
            int status = http.readHead().status();
            if (status != 204) {
                throw new IOException("the guest daemon answered " + status + " to " + InitRequest.PATH);
            }
        }
    }

    /// The sandbox's log, see `GET /logs` of the guest daemon.
    byte[] log() throws IOException {
        try (var connection = dial(Deadline.after(CALL_WAIT))) {
            connection.deadline(Deadline.after(CALL_WAIT));
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var headers = Headers.of("Host", "guest", GuestHeaders.ACCESS_TOKEN, accessToken, "Connection", "close");
            http.send(RequestHead.of("GET", "/logs", headers), Framing.NONE).close();
            var head = http.readHead();
            if (head.status() != 200) {
                throw new IOException("the guest daemon answered " + head.status() + " to /logs");
            }
            return http.body(Framing.of(head, "GET")).readNBytes(LOG_BYTES_MAX);
        }
    }

    private SocketConnection firstConnection(BooleanSupplier alive) throws IOException {
        var deadline = Deadline.after(READY_WAIT);
        while (true) {
            try {
                return dial(deadline);
            } catch (ConnectException e) {
                if (!alive.getAsBoolean()) {
                    throw new IOException("the guest daemon ended while it started", e);
                }
                if (deadline.passed()) {
                    throw new IOException("the guest daemon did not start within " + READY_WAIT.toSeconds() + " s", e);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private SocketConnection dial(Deadline deadline) throws IOException {
        return netns.dial(Loopback.v4(Port.GUEST.number()), deadline);
    }
}
