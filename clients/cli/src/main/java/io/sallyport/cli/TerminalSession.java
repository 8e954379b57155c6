package io.sallyport.cli;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.rpc.terminal.FromViewer;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.ToViewer;
import io.sallyport.wire.websocket.Message;
import io.sallyport.wire.websocket.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A viewer of one terminal, over as many connections as it takes.
///
/// ```
///   attach ─▶ receive ─▶ exit, goodbye, left: over
///     ▲          │ breaks
///     └─ wait ◀──┘
/// ```
///
/// Output goes on byte for byte after a break. Input that was on its way then may be lost, which is said: it is
/// not sent again, as it may have arrived.
///
/// - **Threads**: the caller's follows; one reads input, one sends it, one is the clock.
/// - **Limits**: [Pace]; [TerminalApi#WINDOW_BYTES] of input on their way.
/// - **Errors**: [CliException] when the platform says no, and when [Pace#giveUp] has passed without a
///   connection.
/// - **Closes**: [#run] ends what it started, but for the thread that reads input, which ends with it.
///
/// What is said is in docs/terminals.md.
final class TerminalSession {
    private static final Duration SIZE_STEP = Duration.ofMillis(250);
    private static final Duration ACK_WAIT = Duration.ofMillis(250);
    private static final Duration BACK_SHOWN = Duration.ofMillis(1500);
    private static final Duration GOODBYE_WAIT = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(2);
    private static final int INPUT_BYTES = 32 << 10;
    private static final Set<Integer> FINAL_CODES = Set.of(1000, 1002, 1003, 1007, 1008, 1009, 1010); // RFC 6455 §7.4.1
    private static final byte END_OF_INPUT = 4; // Ctrl-D
    private static final String HELP =
            "Ctrl-] and: d detaches · c interrupts and skips waiting output" + " · Ctrl-] sends one · ? shows this";

    private final Wanted wanted;
    private final Connector connector;
    private final Supplier<Optional<Size>> size;
    private final Screen screen;
    private final Pace pace;

    private final InputQueue input = new InputQueue();
    private final CountDownLatch left = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<@Nullable WebSocket> current = new AtomicReference<>();
    private final AtomicReference<Optional<Size>> shownSize = new AtomicReference<>(Optional.empty());
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("terminal-clock").factory());

    private final ReentrantLock acking = new ReentrantLock();
    private final AtomicBoolean ackPlanned = new AtomicBoolean();
    private final OutputPosition position;

    // Of the following thread.
    private final Thread follower = Thread.currentThread();
    private long pingedAtNanos;
    private volatile long lostAtNanos;

    /// Which terminal, and how.
    ///
    /// @param since see [Terminals#attach]
    /// @param redraw whether a program on the whole screen is to paint it anew at first
    /// @param keys whether input is typed, and [EscapeKeys] are for us
    record Wanted(String id, OptionalLong since, boolean readOnly, boolean redraw, boolean keys) {}

    /// How long things take.
    ///
    /// @param retry before the first attempt to get another connection; the wait doubles up to [#RETRY_MAX]
    /// @param ping between two pings
    /// @param silence after which a connection is given up
    /// @param giveUp after which there are no more attempts to get another one
    record Pace(Duration retry, Duration ping, Duration silence, Duration giveUp) {
        static final Pace DEFAULT = new Pace(
                Duration.ofMillis(250), Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofMinutes(10));
    }

    /// Makes a connection; an [IOException] means that another attempt may succeed.
    interface Connector {
        WebSocket connect(OptionalLong since) throws IOException;
    }

    /// How it ended.
    sealed interface Outcome {
        record Exited(ToViewer.Exit exit) implements Outcome {}

        /// We have left, and the program runs on.
        record Detached() implements Outcome {}
    }

    TerminalSession(Wanted wanted, Connector connector, Supplier<Optional<Size>> size, Screen screen, Pace pace) {
        this.wanted = wanted;
        this.connector = connector;
        this.size = size;
        this.screen = screen;
        this.pace = pace;
        this.position = new OutputPosition(wanted.since());
    }

    /// Follows the terminal to its end, or ours. To be called once, by the thread that made this.
    Outcome run(InputStream typed) {
        Thread.ofPlatform().daemon().name("terminal-send").start(this::send);
        Thread.ofPlatform().daemon().name("stdin").start(() -> read(typed));
        every(pace.ping(), this::keepAlive);
        every(SIZE_STEP, this::tellSize);
        every(Duration.ofSeconds(1), this::showLost);
        try {
            return follow();
        } finally {
            clock.shutdownNow();
            input.close();
            current.set(null);
            ended.countDown();
            var _ = Thread.interrupted(); // leave() wakes us in this way
        }
    }

    /// Leaves: says goodbye where that is possible, behind what was typed, and ends [#run]. To be called once,
    /// by any thread.
    void leave() {
        input.awaitWritten(GOODBYE_WAIT);
        left.countDown();
        var socket = current.getAndSet(null);
        if (socket == null) {
            follower.interrupt(); // it waits for a connection
        } else {
            sayGoodbye(socket);
        }
    }

    /// Leaves, and waits a moment for [#run] to end.
    void leaveInTime() {
        leave();
        try {
            var _ = ended.await(GOODBYE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends our stream. What the terminal still says is read away: closing on it would reset the connection,
    /// and the goodbye might never be read.
    private void sayGoodbye(WebSocket socket) {
        input.broken();
        socket.deadline(Deadline.after(GOODBYE_WAIT));
        say(socket, FromViewer.goodbye());
        socket.close(WebSocket.NORMAL, "");
    }

    private boolean hasLeft() {
        return left.getCount() == 0;
    }

    private Outcome follow() {
        var giveUp = Deadline.after(pace.giveUp());
        var retry = pace.retry();
        while (!hasLeft()) {
            String why;
            try (var socket = connector.connect(position.since())) {
                socket.deadline(Deadline.after(pace.silence()));
                begin(socket);
                retry = pace.retry();
                giveUp = Deadline.NEVER;
                var outcome = receive(socket);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
                why = "the sandbox closed it";
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
            current.set(null);
            long unknown = input.broken();
            if (hasLeft()) {
                break;
            }
            if (unknown > 0) {
                screen.note("the last " + unknown + " bytes of input may be lost: the connection broke under way");
            }
            giveUp = giveUp.finite() ? giveUp : Deadline.after(pace.giveUp());
            if (giveUp.passed()) {
                throw new CliException(ExitCode.UNREACHABLE, "the connection to " + wanted.id() + " is lost: " + why);
            }
            if (lostAtNanos == 0) {
                lostAtNanos = System.nanoTime();
                showLost();
            }
            pause(retry, giveUp);
            retry = retry.multipliedBy(2);
            retry = retry.compareTo(RETRY_MAX) < 0 ? retry : RETRY_MAX;
        }
        return new Outcome.Detached();
    }

    private void pause(Duration wait, Deadline giveUp) {
        try {
            long ms = Math.min(wait.toMillis(), giveUp.remaining().toMillis());
            var _ = left.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // We are leaving.
        }
    }

    /// Waits for the first message, and tells the terminal about us.
    private void begin(WebSocket socket) throws IOException {
        var attached =
                socket.receive() instanceof Message.Text(var text) ? parse(text).attached() : null;
        if (attached == null) {
            throw new IOException("the terminal does not say where it is");
        }
        missing(position.attached(attached.from()), "");
        boolean back = lostAtNanos != 0;
        if (!wanted.readOnly()) {
            var now = size.get();
            shownSize.set(now);
            if (now.isPresent()) {
                say(socket, FromViewer.resize(now.get()));
            }
            boolean same = now.isPresent() && now.get().equals(attached.size());
            if (same && (back ? screen.otherScreen() : wanted.redraw())) {
                say(socket, FromViewer.signal("WINCH", false));
            }
            input.attached(socket);
        }
        current.set(socket);
        if (hasLeft() && current.compareAndSet(socket, null)) { // meanwhile
            sayGoodbye(socket);
        }
        if (back) {
            lostAtNanos = 0;
            screen.clear();
            pingedAtNanos = System.nanoTime();
            say(socket, FromViewer.ping(pingedAtNanos));
        }
    }

    private Optional<Outcome> receive(WebSocket socket) throws IOException {
        while (true) {
            switch (socket.receive()) {
                case Message.Binary(var output) -> {
                    if (!hasLeft()) {
                        output(socket, output);
                    }
                }
                case Message.Text(var text) -> {
                    var said = parse(text);
                    if (said.exit() != null) {
                        socket.close(WebSocket.NORMAL, "");
                        return Optional.of(new Outcome.Exited(said.exit()));
                    }
                    heard(said);
                }
                case Message.Pong _ -> {
                    // Somebody is there, which is all we want to know.
                }
                case Message.Close(int code, var reason) -> {
                    if (isFinal(code) && !hasLeft()) {
                        throw new CliException(
                                ExitCode.FAILED,
                                "the terminal closed the connection: "
                                        + (reason.isEmpty() ? "close code " + code : reason));
                    }
                    return Optional.empty();
                }
            }
            renew(socket);
        }
    }

    private void renew(WebSocket socket) {
        socket.deadline(Deadline.after(pace.silence()));
        if (hasLeft()) { // or does so now, and sets this itself
            socket.deadline(Deadline.after(GOODBYE_WAIT));
        }
    }

    /// Whether a close code says that coming back makes no sense.
    private static boolean isFinal(int code) {
        return FINAL_CODES.contains(code);
    }

    private void output(WebSocket socket, byte[] output) {
        int known = position.came(output.length);
        try {
            socket.deadline(Deadline.NEVER); // whoever reads our output may take its time, as in a pager
            screen.write(output, known, output.length - known);
            renew(socket);
        } catch (IOException e) {
            leave();
            throw new CliException(ExitCode.FAILED, "the output cannot be written: " + e.getMessage());
        }
        if (position.dealtWith() >= TerminalApi.ACK_BYTES) {
            ack();
        } else if (ackPlanned.compareAndSet(false, true)) {
            after(ACK_WAIT, () -> {
                ackPlanned.set(false);
                ack();
            });
        }
    }

    private void ack() {
        acking.lock(); // one after the other, in this order
        try {
            var socket = current.get();
            var upTo = socket == null ? OptionalLong.empty() : position.ack();
            if (socket != null && upTo.isPresent()) {
                say(socket, FromViewer.ack(upTo.getAsLong()));
            }
        } finally {
            acking.unlock();
        }
    }

    private void heard(ToViewer said) {
        if (said.taken() != null) {
            input.taken(said.taken().upTo());
        }
        var gap = said.gap();
        if (gap != null) {
            missing(position.gap(gap.from(), gap.to()), String.valueOf(gap.reason()));
        }
        if (said.pong() != null && said.pong().id() == pingedAtNanos && pingedAtNanos != 0) {
            long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - pingedAtNanos);
            pingedAtNanos = 0;
            screen.status("back, round trip " + ms + " ms");
            after(BACK_SHOWN, screen::clear);
        }
        if (said.resized() != null && wanted.readOnly()) {
            screen.note("the terminal is " + said.resized().size() + " now");
        }
    }

    private void missing(long bytes, String reason) {
        if (bytes > 0) {
            screen.note(
                    reason.equals("discarded")
                            ? bytes + " bytes of output left out"
                            : bytes + " bytes of output are missing");
        }
    }

    private static ToViewer parse(String text) {
        try {
            return RecordJson.read(text.getBytes(StandardCharsets.UTF_8), ToViewer.class);
        } catch (JsonException e) {
            throw new CliException(ExitCode.FAILED, "what the terminal says is not understood: " + e.getMessage());
        }
    }

    // Input.

    private void send() {
        for (var piece = input.next(); piece.isPresent(); piece = input.next()) {
            var to = piece.get().to();
            var bytes = piece.get().bytes();
            try {
                to.sendBinary(bytes, 0, bytes.length);
            } catch (IOException e) {
                to.close(); // the follower learns of it
            } finally {
                input.written(bytes.length);
            }
        }
    }

    private void read(InputStream typed) {
        var keys = new EscapeKeys();
        var buffer = new byte[INPUT_BYTES];
        byte last = '\n';
        try {
            int n;
            while ((n = typed.read(buffer)) >= 0) {
                if (n == 0) {
                    continue;
                }
                last = buffer[n - 1];
                if (wanted.keys()) {
                    keys.feed(buffer, n).forEach(this::act);
                } else {
                    type(buffer, n);
                }
            }
        } catch (IOException e) {
            // There will be no more.
        }
        if (wanted.keys()) {
            leave(); // the terminal we were typed on is gone
        } else {
            // In the middle of a line one only hands over what is there.
            byte[] end = last == '\n' ? new byte[] {END_OF_INPUT} : new byte[] {END_OF_INPUT, END_OF_INPUT};
            type(end, end.length);
        }
    }

    private void act(EscapeKeys.Action action) {
        switch (action) {
            case EscapeKeys.Action.Input(var bytes) -> type(bytes, bytes.length);
            case EscapeKeys.Action.Detach() -> leave();
            case EscapeKeys.Action.Interrupt() -> {
                var socket = current.get();
                if (socket != null && !wanted.readOnly()) {
                    say(socket, FromViewer.signal("INT", true));
                }
            }
            case EscapeKeys.Action.Help() -> screen.note(HELP);
        }
    }

    private void type(byte[] bytes, int length) {
        if (!wanted.readOnly()) {
            input.put(bytes, 0, length);
        }
    }

    // The clock.

    private void keepAlive() {
        var socket = current.get();
        if (socket != null) {
            try {
                socket.sendPing(new byte[0]);
            } catch (IOException e) {
                socket.close(); // the follower learns of it
            }
        }
    }

    private void tellSize() {
        var socket = current.get();
        if (socket == null || wanted.readOnly()) {
            return;
        }
        var now = size.get();
        if (now.isPresent() && !now.equals(shownSize.getAndSet(now))) {
            say(socket, FromViewer.resize(now.get()));
        }
    }

    private void showLost() {
        long since = lostAtNanos;
        if (since != 0) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
            screen.status("connection lost, trying again … " + seconds + " s");
        }
    }

    private void every(Duration step, Runnable task) {
        long ms = step.toMillis();
        var _ = clock.scheduleWithFixedDelay(task, ms, ms, TimeUnit.MILLISECONDS);
    }

    private void after(Duration wait, Runnable task) {
        if (!clock.isShutdown()) {
            var _ = clock.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static void say(WebSocket socket, FromViewer message) {
        try {
            socket.sendText(RecordJson.write(message));
        } catch (IOException e) {
            socket.close(); // the follower learns of it
        }
    }
}
