package io.sallyport.relay.transparent;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.transparent.NameCheck.Decision;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Listener;
import io.sallyport.wire.net.Loopback;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// The sandbox's name server, over UDP and TCP.
///
/// - **Threads**: one reads datagrams, one accepts; each question has a virtual thread.
/// - **Limits**: [#QUESTIONS_MAX] questions at a time over UDP, beyond which they are dropped, as a busy server
///   does; [#CONNECTIONS_MAX] connections, each for [#CONNECTION_LIFE].
/// - **Closes**: [#close()] closes sockets; questions under way are answered into nothing.
///
/// @spec https://www.rfc-editor.org/info/rfc1035 RFC 1035 §4.2
public final class DnsAnswerer implements Closeable {
    private static final Logger LOG = System.getLogger(DnsAnswerer.class.getName());
    private static final int QUESTIONS_MAX = 128;
    private static final int CONNECTIONS_MAX = 64;
    private static final Duration CONNECTION_LIFE = Duration.ofSeconds(10);
    private static final Duration RECEIVE_PAUSE = Duration.ofMillis(50);

    /// No question is longer, with room for the options of EDNS.
    private static final int MESSAGE_BYTES_MAX = 4096;

    private final DnsDecider decider;
    private final DatagramChannel datagrams;
    private final Listener listener;
    private final Semaphore questions = new Semaphore(QUESTIONS_MAX);
    private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);

    private DnsAnswerer(DnsDecider decider, DatagramChannel datagrams, Listener listener) {
        this.decider = decider;
        this.datagrams = datagrams;
        this.listener = listener;
    }

    /// Binds both sockets on 127.0.0.1 and starts answering.
    ///
    /// @param port 0: any, the same for both
    public static DnsAnswerer start(int port, Function<String, Decision> check, NameTable names) throws IOException {
        var datagrams = DatagramChannel.open();
        try {
            var listener = Listener.bind(Loopback.v4(port)); // first, because connections take any port of TCP
            try {
                datagrams.bind(listener.address());
            } catch (IOException e) {
                listener.close();
                throw e;
            }
            var answerer = new DnsAnswerer(new DnsDecider(check, names), datagrams, listener);
            Thread.ofPlatform().daemon().name("dns").start(answerer::receive);
            listener.start(answerer::accept);
            return answerer;
        } catch (IOException e) {
            datagrams.close();
            throw e;
        }
    }

    public int port() {
        return listener.address().getPort();
    }

    private void receive() {
        var buffer = ByteBuffer.allocate(MESSAGE_BYTES_MAX);
        while (datagrams.isOpen()) {
            try {
                buffer.clear();
                var asker = datagrams.receive(buffer);
                if (asker != null && questions.tryAcquire()) {
                    var message = new byte[buffer.flip().remaining()];
                    buffer.get(message);
                    hand(message, asker);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                LOG.log(Level.DEBUG, "a question was lost: {0}", e.toString());
                LockSupport.parkNanos(RECEIVE_PAUSE.toNanos());
            }
        }
    }

    private void hand(byte[] message, SocketAddress asker) {
        boolean started = false;
        try {
            Thread.ofVirtual().name("dns-question").start(() -> {
                try {
                    answer(message, asker);
                } finally {
                    questions.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                questions.release();
            }
        }
    }

    private void answer(byte[] message, SocketAddress asker) {
        try {
            var answer = decider.answer(message, message.length);
            if (answer.isPresent()) {
                datagrams.send(ByteBuffer.wrap(answer.get()), asker);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an answer was lost: {0}", e.toString());
        }
    }

    private void accept(Connection connection) {
        if (!connections.tryAcquire()) {
            connection.close();
            return;
        }
        boolean started = false;
        try {
            Thread.ofVirtual().name("dns-connection").start(() -> {
                try (connection) {
                    connection.deadline(Deadline.after(CONNECTION_LIFE));
                    serve(connection);
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "a connection of DNS broke: {0}", e.toString());
                } finally {
                    connections.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                connections.release();
            }
        }
    }

    /// One question after the other, each with its length before it.
    private void serve(Connection connection) throws IOException {
        var prefix = new byte[2];
        while (readFully(connection, prefix)) {
            int length = (prefix[0] & 0xff) << 8 | (prefix[1] & 0xff);
            if (length > MESSAGE_BYTES_MAX) {
                return;
            }
            var message = new byte[length];
            if (length > 0 && !readFully(connection, message)) {
                return;
            }
            var answer = decider.answer(message, length);
            if (answer.isEmpty()) {
                return;
            }
            var framed = ByteBuffer.allocate(2 + answer.get().length);
            framed.putShort((short) answer.get().length).put(answer.get()).flip();
            connection.write(framed);
        }
    }

    /// False where the stream ends before the first byte.
    private static boolean readFully(Connection connection, byte[] into) throws IOException {
        int filled = 0;
        while (filled < into.length) {
            int n = connection.read(into, filled, into.length - filled);
            if (n < 0) {
                if (filled == 0) {
                    return false;
                }
                throw new EOFException("in the middle of a message");
            }
            filled += n;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        datagrams.close();
    }
}
