package io.sallyport.wire.tls;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// TLS over another connection.
///
/// Each direction ends by itself, with `close_notify`; a stream that ends without it was cut, which is an error
/// and not an end.
///
/// - **Threads**: as [Connection] says.
/// - **Limits**: while nothing is read a connection keeps [#INPUT_BYTES_MIN]; records are made in shared
///   buffers.
/// - **Closes**: [#close()] cuts both directions, and says nothing to the peer.
///
/// @spec https://www.rfc-editor.org/info/rfc8446 RFC 8446 §6.1
public final class TlsConnection implements Connection {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final int INPUT_BYTES_MIN = 2 << 10;
    private static final int INPUT_BYTES_MAX = 128 << 10;
    private static final int RECORD_BYTES = (16 << 10) + 256; // that the engine wants room for
    private static final int OUTPUT_BYTES = 68 << 10; // four records
    private static final int OUTPUTS_KEPT = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Queue<byte[]> OUTPUTS = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger OUTPUTS_FREE = new AtomicInteger();

    private final Connection raw;
    private final SSLEngine engine;
    private final ReentrantLock writing = new ReentrantLock();
    private ByteBuffer encrypted = ByteBuffer.allocate(INPUT_BYTES_MIN).flip();
    private ByteBuffer plain = NOTHING;
    private boolean ended;

    private TlsConnection(Connection raw, SSLEngine engine) {
        this.raw = raw;
        this.engine = engine;
    }

    /// Speaks TLS on a connection as the engine is set up to, which is closed when that fails; its deadline is lifted
    /// otherwise. The peer is told by an alert why it failed, where there is one.
    public static TlsConnection handshaken(Connection raw, SSLEngine engine, Deadline deadline) throws IOException {
        raw.deadline(deadline);
        var connection = new TlsConnection(raw, engine);
        boolean done = false;
        try {
            connection.handshake();
            raw.deadline(Deadline.NEVER);
            done = true;
            return connection;
        } finally {
            if (!done) {
                connection.sendAlert();
                raw.close();
            }
        }
    }

    /// What the engine still has to say after a failure.
    private void sendAlert() {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                flush();
            }
        } catch (IOException e) {
            // The failure itself is what is told.
        }
    }

    /// The application protocol that was agreed on; empty where none was.
    public String applicationProtocol() {
        var protocol = engine.getApplicationProtocol();
        return protocol == null ? "" : protocol;
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> flush();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap(NOTHING).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW && !fill()) {
                        throw new EOFException("the peer left during the handshake");
                    }
                }
                case NEED_TASK -> runTasks();
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    /// What the peer's certificate says it is.
    @Override
    public Optional<Role> peerRole() {
        try {
            return engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Role.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return read(ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (true) {
            int n = decrypt(into);
            if (n != 0) {
                return n;
            }
            if (!fill()) {
                throw new IOException("the stream was cut: it ended without close_notify");
            }
        }
    }

    @Override
    public int readNow(byte[] into, int offset, int length) throws IOException {
        var buffer = ByteBuffer.wrap(into, offset, length);
        while (true) {
            int n = decrypt(buffer);
            if (n != 0) {
                return n;
            }
            makeRoom();
            int read = raw.readNow(encrypted.array(), encrypted.limit(), encrypted.capacity() - encrypted.limit());
            if (read <= 0) {
                return read;
            }
            encrypted.limit(encrypted.limit() + read);
        }
    }

    /// Bytes from what has been received, as many records as are there and fit; 0 where not even one is whole,
    /// -1 at the end of the stream.
    private int decrypt(ByteBuffer into) throws IOException {
        int before = into.position();
        int n = decryptRecord(into);
        while (n > 0 && encrypted.hasRemaining() && into.remaining() >= RECORD_BYTES) {
            n = decryptRecord(into);
        }
        int all = into.position() - before;
        return all > 0 ? all : n;
    }

    private int decryptRecord(ByteBuffer into) throws IOException {
        while (true) {
            if (plain.hasRemaining()) {
                int n = Math.min(into.remaining(), plain.remaining());
                into.put(plain.slice(plain.position(), n));
                plain.position(plain.position() + n);
                if (!plain.hasRemaining()) {
                    plain = NOTHING;
                }
                return n;
            }
            if (ended) {
                return -1;
            }
            var result = unwrap(into);
            switch (result.getStatus()) {
                case OK -> {
                    answerHandshake();
                    if (result.bytesProduced() > 0) {
                        return result.bytesProduced();
                    }
                }
                case BUFFER_OVERFLOW -> {
                    // Said of a record that does not fit, whether it is there to its end or not.
                    var whole = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
                    if (unwrap(whole).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                        return 0;
                    }
                    plain = whole.flip();
                }
                case BUFFER_UNDERFLOW -> {
                    return 0;
                }
                case CLOSED -> ended = true;
            }
        }
    }

    private SSLEngineResult unwrap(ByteBuffer into) throws SSLException {
        return engine.unwrap(encrypted, into);
    }

    /// A peer may change its keys at any time, and wants ours changed then. To negotiate everything anew is refused: it
    /// is what TLS 1.3 has no more.
    private void answerHandshake() throws IOException {
        var status = engine.getHandshakeStatus();
        boolean anew = status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
        if (anew && !engine.getSession().getProtocol().equals(TLS_1_3)) {
            throw new SSLException("the peer wants to negotiate anew");
        }
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            runTasks();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            flush();
        }
    }

    private void runTasks() {
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private boolean fill() throws IOException {
        makeRoom();
        int n = raw.read(encrypted.array(), encrypted.limit(), encrypted.capacity() - encrypted.limit());
        if (n <= 0) {
            return false;
        }
        encrypted.limit(encrypted.limit() + n);
        return true;
    }

    /// Grows while reads fill the buffer, and shrinks when they do not.
    private void makeRoom() {
        int kept = encrypted.remaining();
        boolean full = encrypted.limit() == encrypted.capacity();
        int wanted = full
                ? Math.min(INPUT_BYTES_MAX, 2 * encrypted.capacity())
                : kept == 0 && encrypted.limit() < encrypted.capacity() / 8 ? INPUT_BYTES_MIN : encrypted.capacity();
        if (wanted != encrypted.capacity() && wanted > kept) {
            encrypted = ByteBuffer.allocate(wanted).put(encrypted).flip();
        } else {
            encrypted.compact().flip();
        }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        write(ByteBuffer.wrap(from, offset, length));
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        writing.lock();
        try {
            encrypt(from);
        } finally {
            writing.unlock();
        }
    }

    /// Sends what the engine wants to say by itself.
    private void flush() throws IOException {
        writing.lock();
        try {
            encrypt(ByteBuffer.allocate(0));
        } finally {
            writing.unlock();
        }
    }

    private void encrypt(ByteBuffer from) throws IOException {
        byte[] array = take();
        try {
            var records = ByteBuffer.wrap(array);
            boolean more;
            do {
                var result = engine.wrap(from, records);
                boolean full = result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW;
                if (result.getStatus() == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
                    throw new IOException("this side's stream has ended");
                }
                more = from.hasRemaining() || full;
                if (full || !more) {
                    raw.write(array, 0, records.position());
                    records.clear();
                }
            } while (more);
        } finally {
            give(array);
        }
    }

    private static byte[] take() {
        var free = OUTPUTS.poll();
        if (free == null) {
            return new byte[OUTPUT_BYTES];
        }
        OUTPUTS_FREE.decrementAndGet();
        return free;
    }

    private static void give(byte[] array) {
        if (OUTPUTS_FREE.get() < OUTPUTS_KEPT) {
            OUTPUTS_FREE.incrementAndGet();
            OUTPUTS.add(array);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        engine.closeOutbound();
        flush();
        raw.shutdownOutput();
    }

    @Override
    public void deadline(Deadline deadline) {
        raw.deadline(deadline);
    }

    @Override
    public String peerAddress() {
        return raw.peerAddress();
    }

    @Override
    public void reset() {
        raw.reset();
    }

    @Override
    public void close() {
        raw.close();
    }
}
