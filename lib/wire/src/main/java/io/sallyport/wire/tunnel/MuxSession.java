package io.sallyport.wire.tunnel;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import io.sallyport.wire.websocket.WebSocketException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A v2 tunnel: many streams on one WebSocket, opened by its client. See [Frame] for the messages.
///
/// ```
///   stream.write ──credit──▶ Outbox ──one frame a turn──▶ WebSocket ──▶ one thread ──▶ stream's buffer ──▶ read
///                   ▲                                                                                      │
///                   └───────────────────────── CREDIT when half the window was read ◀──────────────────────┘
/// ```
///
/// The thread that receives never waits for a reader nor for a writer, so a stream that stands still holds up no
/// other.
///
/// - **Threads**: any.
/// - **Limits**: [#STREAMS_MAX] open streams, [#WINDOW_BYTES] kept for each, frames of [Frame#DATA_BYTES_MAX]. What a
///   server keeps of a stream begins at [#FIRST_WINDOW_BYTES], and doubles with what is read as long as its
///   [MuxBudget] lasts; a stream that there is nothing left for is broken off. A ping every [#PING], and an
///   end when [#PINGS_MISSED_MAX] were not answered: a minute after the peer was last there.
/// - **Errors**: a peer that breaks the rules is told with 1002, and every stream ends with an [IOException].
/// - **Closes**: [#close()] ends all streams.
public final class MuxSession implements Closeable {
    /// What the WebSocket under it has to let through.
    public static final int MESSAGE_BYTES_MAX = Frame.MESSAGE_BYTES_MAX;

    /// Streams that a client has open at a time.
    public static final int STREAMS_MAX = 256;

    /// What a stream's sender may be ahead of its reader.
    public static final int WINDOW_BYTES = 256 << 10;

    /// The same at the beginning of a stream, for what the client sends. A server cannot choose who connects to it.
    public static final int FIRST_WINDOW_BYTES = 16 << 10;

    /// What a server keeps of one session, where nobody says otherwise.
    public static final long BUDGET_BYTES = 32 << 20;

    private static final Duration PING = Duration.ofSeconds(20);
    private static final int PINGS_MISSED_MAX = 2;

    /// A server learns later than the client that a stream is over.
    private static final int ACCEPTED_MAX = STREAMS_MAX + STREAMS_MAX / 4;

    private static final Consumer<MuxStream> NOBODY = MuxStream::close;

    private final WebSocket socket;
    private final boolean client;
    private final Consumer<? super MuxStream> accepted;
    private final MuxBudget budget;
    private final Outbox outbox;
    private final Heartbeat heartbeat;
    private final Map<Integer, MuxStream> streams = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable IOException> ended = new AtomicReference<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final ReentrantLock opening = new ReentrantLock(); // so that streams are opened in the order of their ids
    private int lastId; // a client's: with the lock; a server's: of the receiving thread
    private volatile long pings;
    private volatile long ponged;

    private MuxSession(
            WebSocket socket, boolean client, Consumer<? super MuxStream> accepted, MuxBudget budget, Duration ping) {
        this.socket = socket;
        this.client = client;
        this.accepted = accepted;
        this.budget = budget;
        this.outbox = new Outbox(socket);
        this.heartbeat = Heartbeat.start(ping, this::beat);
        var _ = Thread.ofVirtual().name("tunnel").start(this::run);
    }

    /// The side that opens streams; the WebSocket is closed here.
    public static MuxSession client(WebSocket socket) {
        return client(socket, PING);
    }

    static MuxSession client(WebSocket socket, Duration ping) {
        return new MuxSession(socket, true, NOBODY, new MuxBudget(0), ping);
    }

    /// The side that is given streams; the WebSocket is closed here.
    ///
    /// @param accepted gets each stream, on the receiving thread: must only hand it on. It closes the stream.
    public static MuxSession server(WebSocket socket, Consumer<? super MuxStream> accepted) {
        return server(socket, new MuxBudget(BUDGET_BYTES), accepted);
    }

    /// The same with a budget that other sessions may share.
    public static MuxSession server(WebSocket socket, MuxBudget budget, Consumer<? super MuxStream> accepted) {
        return new MuxSession(socket, false, accepted, budget, PING);
    }

    static MuxSession server(WebSocket socket, Duration ping, Consumer<? super MuxStream> accepted) {
        return new MuxSession(socket, false, accepted, new MuxBudget(BUDGET_BYTES), ping);
    }

    /// Opens a stream. The peer need not answer before it is written to.
    ///
    /// - **Errors**: [StreamLimitException] at [#STREAMS_MAX]; any other [IOException] when the session has ended.
    public MuxStream open() throws IOException {
        if (!client) {
            throw new IllegalStateException("only the client opens streams");
        }
        opening.lock();
        try {
            check();
            if (streams.size() >= STREAMS_MAX || lastId == Integer.MAX_VALUE) {
                throw new StreamLimitException();
            }
            int id = ++lastId;
            var stream = MuxStream.opened(this, id);
            streams.put(id, stream);
            if (!outbox.post(Frame.encode(new Frame.Open(id)))) {
                streams.remove(id);
                throw new StreamLimitException();
            }
            check(stream);
            return stream;
        } finally {
            opening.unlock();
        }
    }

    private void check() throws IOException {
        var why = ended.get();
        if (why != null) {
            throw new IOException("the tunnel has ended: " + why.getMessage(), why);
        }
    }

    /// A session that ended meanwhile may not have seen the stream.
    private void check(MuxStream stream) {
        var why = ended.get();
        if (why != null) {
            stream.breakOff(why);
        }
    }

    /// Open streams.
    public int streams() {
        return streams.size();
    }

    public boolean isOpen() {
        return ended.get() == null;
    }

    /// Calls `whenOver` once when the session has ended, also when it has already.
    public void onClosed(Runnable whenOver) {
        var _ = over.thenRun(whenOver);
    }

    /// Says goodbye and ends every stream; the peer's end is waited for elsewhere.
    @Override
    public void close() {
        end(new ClosedChannelException(), WebSocket.NORMAL, "");
    }

    private void run() {
        try {
            while (isOpen()) {
                var wrong = received(socket.receive());
                if (wrong != null) {
                    end(new TunnelException(wrong, WebSocket.PROTOCOL_ERROR), WebSocket.PROTOCOL_ERROR, wrong);
                }
            }
            Goodbye.linger(socket);
        } catch (WebSocketException e) { // which has been told to the peer
            fail(e);
            Goodbye.linger(socket);
        } catch (IOException | RuntimeException e) {
            fail(e instanceof IOException io ? io : new IOException(e));
        } finally {
            socket.close();
        }
    }

    /// Takes one message, and says what is wrong with it, if anything.
    private @Nullable String received(Message message) throws IOException {
        return switch (message) {
            case Message.Binary(byte[] bytes) -> frame(Frame.decode(bytes));
            case Message.Text text -> "a text in a tunnel";
            case Message.Pong pong -> null;
            case Message.Close(int code, String reason) -> {
                end(new IOException("the peer closed the tunnel with " + code), WebSocket.NORMAL, "");
                yield null;
            }
        };
    }

    private @Nullable String frame(Frame frame) throws IOException {
        return switch (frame) {
            case Frame.Open(int id) -> opened(id);
            case Frame.Data(int id, byte[] message, int offset, int length) ->
                to(id, stream -> stream.data(message, offset, length));
            case Frame.Credit(int id, int bytes) -> to(id, stream -> stream.creditGiven(bytes));
            case Frame.Fin(int id) -> to(id, MuxStream::fin);
            case Frame.Rst(int id, String reason) ->
                to(id, stream -> {
                    stream.breakOff(new StreamResetException(reason));
                    return null;
                });
            case Frame.Ping(long value) -> {
                post(new Frame.Pong(value));
                yield null;
            }
            case Frame.Pong(long value) -> {
                if (value <= 0 || value > pings) {
                    yield "a PONG to no PING";
                }
                ponged = value;
                yield null;
            }
            case Frame.Malformed(String reason) -> reason;
        };
    }

    private interface Step {
        @Nullable
        String on(MuxStream stream);
    }

    private @Nullable String to(int id, Step step) {
        var stream = streams.get(id);
        if (stream != null) {
            return step.on(stream);
        }
        return id <= newest()
                ? null
                : "a frame of stream " + id + ", which was never opened"; // else: of one that is over
    }

    private int newest() {
        if (!client) {
            return lastId;
        }
        opening.lock();
        try {
            return lastId;
        } finally {
            opening.unlock();
        }
    }

    private @Nullable String opened(int id) {
        if (client) {
            return "OPEN from a server";
        }
        if (id <= lastId) {
            return "stream " + id + " is opened again";
        }
        lastId = id;
        if (streams.size() >= ACCEPTED_MAX || !budget.tryBegin(FIRST_WINDOW_BYTES)) {
            post(new Frame.Rst(id, StreamLimitException.REASON));
            return null;
        }
        var stream = MuxStream.accepted(this, id, budget);
        streams.put(id, stream);
        try {
            accepted.accept(stream);
        } catch (RuntimeException | OutOfMemoryError e) { // no thread to be had: this stream is lost, and no other
            stream.reset(StreamLimitException.REASON);
        }
        return null;
    }

    private void beat(boolean late) {
        if (late) {
            ponged = pings;
        }
        if (pings - ponged >= PINGS_MISSED_MAX) {
            end(new IOException("the peer of the tunnel does not answer"), WebSocket.GOING_AWAY, "no answer to pings");
            socket.close();
            return;
        }
        long ping = pings + 1;
        pings = ping;
        post(new Frame.Ping(ping));
    }

    void send(byte[] head, byte[] payload, int offset, int length, Deadline deadline) throws IOException {
        check();
        try {
            outbox.send(head, payload, offset, length, deadline);
        } catch (IOException e) {
            check(); // tells better why
            throw e;
        }
    }

    void post(Frame frame) {
        if (isOpen() && !outbox.post(Frame.encode(frame))) {
            end(new IOException("the peer of the tunnel does not read"), WebSocket.POLICY, "answers are not read");
            socket.close();
        }
    }

    /// A stream has been closed on our side.
    ///
    /// @param reason for the peer; null where it knows
    void closed(int id, @Nullable String reason) {
        streams.remove(id);
        if (reason != null) {
            post(new Frame.Rst(id, reason));
        }
    }

    private void end(IOException why, int code, String reason) {
        if (fail(why)) {
            Goodbye.begin(socket, code, reason);
        }
    }

    /// True for the first who calls it.
    private boolean fail(IOException why) {
        if (!ended.compareAndSet(null, why)) {
            return false;
        }
        heartbeat.close();
        streams.values().forEach(stream -> stream.breakOff(why));
        over.complete(null);
        return true;
    }
}
