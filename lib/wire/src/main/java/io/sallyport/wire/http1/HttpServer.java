package io.sallyport.wire.http1;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.DeadlinePassedException;
import io.sallyport.wire.net.Lane;
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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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
/// - **Threads**: the handler runs on its connection's thread. That is made by the given factory, until a request
///   of the interactive lane arrives: from then on it is one of [Lane#startInteractive], and one of the
///   factory's again from the next request of the bulk lane on. The thread before ends; it does not wait.
/// - **Limits**: [Config]; a connection over `connectionsMax` or `headsMax` is answered 429 and closed.
/// - **Closes**: [#close()] closes listeners and connections, also those in the middle of an exchange.
public final class HttpServer implements Closeable {
    private static final Logger LOG = System.getLogger(HttpServer.class.getName());

    /// How much of a request body nobody wanted is read away to keep the connection.
    static final int DRAIN_BYTES_MAX = 256 << 10;

    private static final int OVER_LIMIT_STATUS = 429;
    private static final Duration DRAIN_WAIT = Duration.ofSeconds(2);
    private static final Duration DRAIN_STEP = Duration.ofMillis(20);

    private final List<Listener> listeners;
    private final Config config;
    private final Transport transport;
    private final ThreadFactory threads;
    private final Set<Served> served = ConcurrentHashMap.newKeySet();
    private final AtomicInteger heads = new AtomicInteger();
    private volatile boolean draining;

    private HttpServer(List<Listener> listeners, Config config, ThreadFactory threads, Transport transport) {
        this.listeners = listeners;
        this.transport = transport;
        this.config = config;
        this.threads = threads;
    }

    /// The limits of a server.
    ///
    /// @param headWait from accept, or from the first byte of a later request, to the end of its head
    /// @param idle between two requests; longer than any client's pool keeps a connection
    /// @param connectionsMax open connections
    /// @param headsMax connections whose next request has begun, or whose first has not, and is not read to the
    /// end of its head; whatever their lane, which nobody knows before the end of that head
    public record Config(Duration headWait, Duration idle, int connectionsMax, int headsMax, HttpLimits limits) {
        public static final Config DEFAULT =
                new Config(Duration.ofSeconds(10), Duration.ofSeconds(620), 20_000, 4_096, HttpLimits.DEFAULT);
    }

    /// What there can be too much of.
    public enum Limit {
        CONNECTIONS,
        HEADS
    }

    /// Answers requests. There is no deadline but [Exchange#WRITE_WAIT] unless the handler sets one. An
    /// [IOException] means that the exchange broke and the connection must go.
    public interface Handler {
        void handle(Exchange exchange) throws IOException;

        /// Whose traffic a request is, which decides what thread it is handled on; empty: its connection stays
        /// where it is. Called for each request, on whatever thread that is; must not wait.
        default Optional<Lane> lane(RequestHead request) {
            return Optional.empty();
        }

        /// The JSON for a message that is refused before anybody sees it.
        default byte[] badMessage(BadMessageException e) {
            return Exchange.errorJson(e.status(), e.reason());
        }

        /// The JSON for a connection that is not served.
        default byte[] overLimit(Limit limit, int value) {
            return Exchange.errorJson(
                    OVER_LIMIT_STATUS, "limit of " + limit.name().toLowerCase(Locale.ROOT) + ": " + value);
        }
    }

    /// Makes of an accepted connection the one that HTTP is spoken on, on that connection's own thread.
    public interface Transport {
        /// Plain TCP.
        Transport PLAIN = (accepted, deadline) -> accepted;

        Connection open(Connection accepted, Deadline deadline) throws IOException;
    }

    /// Starts serving over plain TCP.
    public static HttpServer start(
            List<InetSocketAddress> addresses, Config config, ThreadFactory threads, Handler handler)
            throws IOException {
        return start(addresses, config, threads, Transport.PLAIN, handler);
    }

    /// Binds every address and starts serving. The addresses share the port of the first when they give port 0.
    public static HttpServer start(
            List<InetSocketAddress> addresses,
            Config config,
            ThreadFactory threads,
            Transport transport,
            Handler handler)
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
        var server = new HttpServer(List.copyOf(listeners), config, threads, transport);
        listeners.forEach(listener -> listener.start(accepted -> server.accept(accepted, handler)));
        return server;
    }

    /// A server that listens nowhere: it is given connections that somebody else accepted, see [#serve].
    public static HttpServer withoutListeners(Config config, ThreadFactory threads) {
        return new HttpServer(List.of(), config, threads, Transport.PLAIN);
    }

    /// Serves a connection that somebody else accepted, with a handler of its own, and returns at once.
    ///
    /// - **Errors**: where no thread is to be had the connection is closed, and the failure is thrown.
    public void serve(Connection accepted, Handler itsHandler) {
        try {
            accept(accepted, itsHandler);
        } catch (RuntimeException | OutOfMemoryError e) {
            accepted.close();
            throw e;
        }
    }

    /// Serves a connection that somebody else accepted, on the calling thread and without regard to limits, and
    /// returns when it is closed or was taken over.
    public void serveHere(Connection accepted, Handler itsHandler) {
        var one = new Served(accepted, itsHandler);
        served.add(one);
        one.begin();
    }

    /// The address of the first listener.
    public InetSocketAddress address() {
        return listeners.getFirst().address();
    }

    /// Open connections.
    public int connections() {
        return served.size();
    }

    private void accept(Connection connection, Handler itsHandler) {
        if (served.size() >= config.connectionsMax()) {
            refuse(connection, itsHandler, Limit.CONNECTIONS, config.connectionsMax());
            return;
        }
        if (heads.get() >= config.headsMax()) {
            refuse(connection, itsHandler, Limit.HEADS, config.headsMax());
            return;
        }
        var one = new Served(connection, itsHandler);
        served.add(one);
        boolean started = false;
        try {
            threads.newThread(one::begin).start();
            started = true;
        } finally {
            if (!started) { // no thread to be had, for which the listener closes the connection
                served.remove(one);
            }
        }
    }

    /// Says no in one small write, which a new connection has room for.
    private static void refuse(Connection connection, Handler handler, Limit limit, int value) {
        LOG.log(Level.WARNING, "connection refused: limit of {0}: {1}", limit, value);
        try {
            connection.deadline(Deadline.after(DRAIN_WAIT));
            sendJson(connection, OVER_LIMIT_STATUS, handler.overLimit(limit, value));
            connection.shutdownOutput();
        } catch (IOException e) {
            // There is nobody to tell.
        } finally {
            connection.close();
        }
    }

    /// Whose a connection is when a thread has done with it.
    private enum Left {
        /// Nobody's: it is closed.
        OVER,
        /// The handler's.
        TAKEN_OVER,
        /// Another thread's, which goes on with it.
        MOVED
    }

    /// What a thread does with its connection.
    private interface Work {
        Left run() throws IOException;
    }

    /// One connection that is served, by one thread at a time.
    private final class Served {
        private final Connection accepted;
        private final Handler handler;
        private boolean reading; // counted in heads
        private Lane lane = Lane.BULK;
        private volatile boolean idle;

        Served(Connection accepted, Handler handler) {
            this.accepted = accepted;
            this.handler = handler;
        }

        void begin() {
            guard(() -> {
                reading(true);
                var connection = transport.open(accepted, Deadline.after(config.headWait()));
                var input = new WireInput(connection, config.limits());
                boolean known = connection.peerRole().isPresent(); // it may be spare, and has shown who it is
                reading(!known);
                idle = known;
                connection.deadline(Deadline.after(known ? config.idle() : config.headWait()));
                return input.awaitByte() ? serve(connection, input, null) : Left.OVER;
            });
        }

        private void guard(Work work) {
            var left = Left.OVER;
            try {
                left = work.run();
            } catch (EOFException | DeadlinePassedException e) {
                // The client went away or took too long; there is nobody to tell.
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "exchange broke: {0}", e.toString());
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.log(Level.ERROR, "a handler failed", e);
            } finally {
                if (left != Left.MOVED) {
                    reading(false);
                    if (left == Left.OVER) {
                        accepted.close();
                    }
                    served.remove(this);
                }
            }
        }

        /// Serves one request after the other.
        ///
        /// @param begun the first one, where another thread has read it
        private Left serve(Connection connection, WireInput input, @Nullable Exchange begun) throws IOException {
            var exchange = begun;
            boolean more = true;
            while (more) {
                if (exchange == null) {
                    idle = false;
                    reading(true);
                    connection.deadline(Deadline.after(config.headWait()));
                    exchange = next(connection, input, handler);
                    reading(false);
                    if (exchange == null) {
                        return Left.OVER;
                    }
                    connection.deadline(Deadline.NEVER);
                    if (moved(connection, input, exchange)) {
                        return Left.MOVED;
                    }
                }
                handler.handle(exchange);
                if (exchange.takenOver()) {
                    return Left.TAKEN_OVER;
                }
                if (!finish(connection, input, exchange)) {
                    return Left.OVER;
                }
                connection.deadline(Deadline.after(config.idle()));
                idle = true;
                if (draining) {
                    return Left.OVER;
                }
                more = exchange.awaitNext();
                exchange = null;
            }
            return Left.OVER;
        }

        /// Lets a thread of the request's lane go on, where this is none; false where this one has to.
        private boolean moved(Connection connection, WireInput input, Exchange exchange) {
            var wanted = handler.lane(exchange.request()).orElse(lane);
            if (wanted == lane) {
                return false;
            }
            var before = lane;
            lane = wanted; // before the other thread starts, which is the only one to touch it then
            Runnable onward = () -> guard(() -> serve(connection, input, exchange));
            boolean moved = switch (wanted) {
                case INTERACTIVE -> Lane.startInteractive(onward);
                case BULK -> {
                    threads.newThread(onward).start();
                    yield true;
                }
            };
            if (!moved) {
                lane = before;
            }
            return moved;
        }

        private void reading(boolean now) {
            if (now != reading) {
                reading = now;
                heads.addAndGet(now ? 1 : -1);
            }
        }

        /// Closes the connection where nothing is under way on it.
        void endIfIdle() {
            if (idle) {
                accepted.close();
            }
        }
    }

    private @Nullable Exchange next(Connection connection, WireInput input, Handler handler) throws IOException {
        try {
            var request = input.readRequest();
            return request == null ? null : new Exchange(connection, input, request, () -> draining);
        } catch (BadMessageException e) {
            sendJson(connection, e.status(), handler.badMessage(e));
            connection.shutdownOutput();
            linger(connection, input);
            return null;
        }
    }

    private static void sendJson(Connection connection, int status, byte[] json) throws IOException {
        var head = ResponseHead.of(status, Headers.of("Content-Type", "application/json", "Connection", "close"));
        var framing = new Framing.Length(json.length);
        try (var body = new BodyOutput(connection, HeadWriter.response(head, framing), framing, Exchange.WRITE_WAIT)) {
            body.write(json);
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

    /// Takes no more connections, ends idle ones, and waits until the exchanges under way have come to their
    /// end, at most for `wait`. [#close()] cuts what is left.
    public void drain(Duration wait) {
        draining = true;
        closeListeners();
        var deadline = Deadline.after(wait);
        while (!served.isEmpty() && !deadline.passed()) {
            served.forEach(Served::endIfIdle);
            LockSupport.parkNanos(DRAIN_STEP.toNanos());
        }
    }

    private void closeListeners() {
        for (var listener : listeners) {
            try {
                listener.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "listener {0}: {1}", listener.address(), e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        closeListeners();
        served.forEach(one -> one.accepted.close());
    }
}
