package io.sallyport.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Sends one request at a time and checks its answer: the status, and the length as stated and as received.
abstract class HttpConnection extends LoadConnection {
    private static final byte[] OK = Head.ascii("HTTP/1.1 200 ");

    private final ByteBuffer request;
    private final long expectedBytes;
    private final Head head = new Head();
    private boolean awaitsHead;
    private long bodyLeft;
    private long sinceNanos;

    HttpConnection(Loop loop, Entry entry, Tally tally, ByteBuffer request, Target target) throws IOException {
        super(loop, entry, tally);
        this.request = request;
        this.expectedBytes = target.bodyBytes();
    }

    /// The answer has come as it should.
    abstract void answered() throws IOException;

    /// The proxy has ended its stream between two answers.
    void ended() throws IOException {
        throw new EOFException("the connection ended");
    }

    /// Sends a request whose latency counts from `sinceNanos`.
    final void send(long sinceNanos) throws IOException {
        this.sinceNanos = sinceNanos;
        awaitsHead = true;
        Sockets.writeAll(channel(), request.duplicate());
    }

    final boolean awaitsAnswer() {
        return awaitsHead || bodyLeft > 0;
    }

    final long latencyNanos() {
        return System.nanoTime() - sinceNanos;
    }

    @Override
    final void readable() throws IOException {
        var bytes = loop().buffer();
        if (channel().read(bytes) < 0) {
            if (awaitsAnswer()) {
                throw new EOFException("the connection ended before an answer, or within it");
            }
            ended();
            return;
        }
        bytes.flip();
        if (awaitsHead) {
            readHead(bytes);
        }
        if (!awaitsHead) {
            readBody(bytes.remaining());
        }
    }

    private void readHead(ByteBuffer bytes) throws IOException {
        if (!head.fill(bytes)) {
            return;
        }
        if (!head.startsWith(OK)) {
            throw new IOException("answered: " + head.firstLine());
        }
        bodyLeft = head.contentLength();
        if (bodyLeft != expectedBytes) {
            throw new IOException("Content-Length: " + bodyLeft + " (expected: " + expectedBytes + ")");
        }
        head.clear();
        awaitsHead = false;
    }

    private void readBody(int bytes) throws IOException {
        if (bytes > bodyLeft) {
            throw new IOException((bytes - bodyLeft) + " bytes behind the body's end");
        }
        bodyLeft -= bytes;
        tally().received(bytes);
        if (bodyLeft == 0) {
            answered();
        }
    }
}
