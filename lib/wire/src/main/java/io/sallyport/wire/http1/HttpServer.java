package io.sallyport.wire.http1;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.net.Listener;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Serves HTTP/1.1 on one or more listeners: one thread per connection, one request after the other.
///
/// ```
///   accept ─▶ awaitRequest ─▶ handle ─▶ drain ─┐
///               ▲    │ end, idle, bad message  │ reusable
///               │    └──▶ close                │
///               └──────────────────────────────┘
/// ```
///
/// - **Threads**: the handler runs on its connection's thread, made by the given factory.
/// - **Limits**: [Config]; a connection over `connectionsMax` is closed at once.
/// - **Closes**: [#close()] closes listeners and connections, also those in the middle of an exchange.
public final class HttpServer implements Closeable {
    private static final Logger LOG = System.getLogger(HttpServer.class.getName());

    /// How much of a request body nobody wanted is read away to keep the connection.
    static final int DRAIN_BYTES_MAX = 256 << 10;

    private static final Duration DRAIN_WAIT = Duration.ofSeconds(2);

    private final List<Listener> listeners;
    private final Config config;
    private final Handler handler;
    private final ThreadFactory threads;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    private HttpServer(List<Listener> listeners, Config config, ThreadFactory threads, Handler handler) {
        this.listeners = listeners;
        this.config = config;
        this.threads = threads;
        this.handler = handler;
    }

    /// The limits of a server.
    ///
    /// @param headWait from accept, or from the first byte of a later request, to the end of its head
    /// @param idle between two requests; longer than any client's pool keeps a connection
    /// @param connectionsMax open connections
    public record Config(Duration headWait, Duration idle, int connectionsMax, HttpLimits limits) {
        public static final Config DEFAULT =
                new Config(Duration.ofSeconds(10), Duration.ofSeconds(620), 20_000, HttpLimits.DEFAULT);
    }

    /// Answers requests. There is no deadline but [Exchange#WRITE_WAIT] unless the handler sets one. An [IOException]
    /// means that the exchange broke and the connection must go.
    public interface Handler {
        void handle(Exchange exchange) throws IOException;
    }

    /// Binds every address and starts serving. The addresses share the port of the first when they give port 0.
    public static HttpServer start(
            List<InetSocketAddress> addresses, Config config, ThreadFactory threads, Handler handler)
            throws IOException {
        var listeners = new ArrayList<Listener>();
        try {
            for (var address : addresses) {
                int port = address.getPort() != 0 || listeners.isEmpty()
                        ? address.getPort()
                        : listeners.getFirst().address().getPort();
                listeners.add(Listener.bind(new InetSocketAddress(address.getAddress(), port)));
            }
        } catch (IOException e) {
            for (var listener : listeners) {
                listener.close();
            }
            throw e;
        }
        var server = new HttpServer(List.copyOf(listeners), config, threads, handler);
        listeners.forEach(listener -> listener.start(server::accept));
        return server;
    }

    /// The address of the first listener.
    public InetSocketAddress address() {
        return listeners.getFirst().address();
    }

    private void accept(Connection connection) {
        if (connections.size() >= config.connectionsMax()) {
            LOG.log(Level.WARNING, "connection refused: {0} are open (limit connectionsMax)", connections.size());
            connection.close();
            return;
        }
        connections.add(connection);
        boolean started = false;
        try {
            threads.newThread(() -> {
                        try {
                            serve(connection);
                        } finally {
                            connections.remove(connection);
                        }
                    })
                    .start();
            started = true;
        } finally {
            if (!started) { // no thread to be had, for which the listener closes the connection
                connections.remove(connection);
            }
        }
    }

    private void serve(Connection connection) {
        boolean handedOver = false;
        try {
            var input = new WireInput(connection, config.limits());
            connection.deadline(Deadline.after(config.headWait()));
            boolean more = input.awaitByte();
            while (more) {
                connection.deadline(Deadline.after(config.headWait()));
                var exchange = next(connection, input);
                if (exchange == null) {
                    return;
                }
                connection.deadline(Deadline.NEVER);
                handler.handle(exchange);
                handedOver = exchange.takenOver();
                if (handedOver || !finish(connection, input, exchange)) {
                    return;
                }
                connection.deadline(Deadline.after(config.idle()));
                more = exchange.awaitNext();
            }
        } catch (EOFException | DeadlinePassedException e) {
            // The client went away or took too long; there is nobody to tell.
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "exchange broke: {0}", e.toString());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(Level.ERROR, "a handler failed", e);
        } finally {
            if (!handedOver) {
                connection.close();
            }
        }
    }

    private static @Nullable Exchange next(Connection connection, WireInput input) throws IOException {
        try {
            var request = input.readRequest();
            return request == null ? null : new Exchange(connection, input, request);
        } catch (BadMessageException e) {
            var headers = Headers.of("Content-Type", "application/json", "Connection", "close");
            var content = Exchange.errorJson(e.status(), e.reason());
            var head = ResponseHead.of(e.status(), headers);
            var framing = new Framing.Length(content.length);
            try (var body =
                    new BodyOutput(connection, HeadWriter.response(head, framing), framing, Exchange.WRITE_WAIT)) {
                body.write(content);
            }
            connection.shutdownOutput();
            linger(connection, input);
            return null;
        }
    }

    /// Ends an exchange whose handler has returned; true when another request may follow on the connection.
    private static boolean finish(Connection connection, WireInput input, Exchange exchange) throws IOException {
        if (!exchange.responded()) {
            LOG.log(Level.ERROR, "no answer to {0}", exchange.request().method());
            exchange.refuse(500, "internal error");
        }
        boolean reusable = exchange.reusable();
        connection.deadline(Deadline.after(DRAIN_WAIT));
        boolean drained = reusable && drain(exchange.requestBody());
        if (!reusable || !drained) {
            connection.shutdownOutput();
            // One reader at a time: where somebody waits for the next request already, that comes first.
            if (!exchange.watched() || exchange.awaitNext()) {
                linger(connection, input);
            }
            return false;
        }
        return true;
    }

    private static boolean drain(BodyInput body) throws IOException {
        if (body.ended()) {
            return true;
        }
        var scrap = new byte[8 << 10];
        int total = 0;
        while (!body.ended() && total < DRAIN_BYTES_MAX) {
            total += Math.max(0, body.read(scrap, 0, scrap.length));
        }
        return body.ended();
    }

    /// Reads on for a while when we have ended our stream: closing on unread bytes would reset the connection
    /// and lose the answer.
    private static void linger(Connection connection, WireInput input) throws IOException {
        connection.deadline(Deadline.after(DRAIN_WAIT));
        var scrap = new byte[8 << 10];
        while (input.read(scrap, 0, scrap.length) >= 0) {
            // Bounded by the deadline.
        }
    }

    @Override
    public void close() throws IOException {
        for (var listener : listeners) {
            listener.close();
        }
        connections.forEach(Connection::close);
    }
}
