package io.sallyport.wire.http1;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairThreads;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The reading side of a connection: finds heads and lines, and hands out the bytes behind them.
///
/// - **Threads**: one at a time.
/// - **Limits**: the buffer holds one head and starts at [#BUFFER_MIN_BYTES]; large body reads bypass it.
public final class WireInput {
    private static final int BUFFER_MIN_BYTES = 4 << 10;
    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final HttpLimits limits;
    private byte[] buffer = new byte[BUFFER_MIN_BYTES];
    private int at;
    private int limit;

    public WireInput(Connection connection, HttpLimits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    /// Waits for the first byte of the next message; false at the end of the stream.
    boolean awaitByte() throws IOException {
        return at < limit || fill();
    }

    /// The next request head, or null when the stream ended before its first byte. One empty line before it is
    /// skipped.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc9112 RFC 9112 §2.2
    @Nullable
    RequestHead readRequest() throws IOException {
        if (!awaitByte()) {
            return null;
        }
        if (buffer[at] == '\r') {
            if (limit - at < 2 && !fill()) {
                throw new EOFException("the stream ended inside a request head");
            }
            if (buffer[at + 1] == '\n') {
                at += 2;
                if (!awaitByte()) {
                    return null;
                }
            }
        }
        int end = headEnd(limits.headBytesMax(), limits.startLineBytesMax());
        var head = HeadParser.request(buffer, at, end, limits);
        at = end;
        return head;
    }

    /// The next response head.
    ResponseHead readResponse() throws IOException {
        int end = headEnd(limits.headBytesMax(), Integer.MAX_VALUE);
        var head = HeadParser.response(buffer, at, end, limits);
        at = end;
        return head;
    }

    Headers readTrailers() throws IOException {
        int end;
        if (peekLine(limits.trailersBytesMax()) == at) {
            end = at + 2;
        } else {
            end = headEnd(limits.trailersBytesMax(), Integer.MAX_VALUE);
        }
        var trailers = HeadParser.trailers(buffer, at, end, limits);
        at = end;
        return trailers;
    }

    /// The offset and length of a chunk-size line are consumed; its text is given without the CRLF.
    String readChunkLine() throws IOException {
        int end = peekLine(limits.chunkLineBytesMax());
        var line = new String(buffer, at, end - at, StandardCharsets.ISO_8859_1);
        at = end + 2;
        return line;
    }

    /// Consumes exactly CRLF.
    void expectCrlf() throws IOException {
        while (limit - at < 2) {
            if (!fill()) {
                throw new EOFException("the stream ended inside a chunked body");
            }
        }
        if (buffer[at] != '\r' || buffer[at + 1] != '\n') {
            throw new BadMessageException(400, "chunk data is not followed by CRLF");
        }
        at += 2;
    }

    /// Bytes that can be read without waiting for the peer.
    public int buffered() {
        return limit - at;
    }

    /// What was buffered first, then the connection.
    public int read(byte[] into, int offset, int length) throws IOException {
        if (at < limit) {
            int n = Math.min(length, limit - at);
            System.arraycopy(buffer, at, into, offset, n);
            at += n;
            return n;
        }
        return connection.read(into, offset, length);
    }

    /// Reads past the buffer, which must be empty.
    int readPast(ByteBuffer into) throws IOException {
        return connection.read(into);
    }

    /// Bytes that follow and are not consumed: at least `wanted`, fewer only where the stream ends before.
    byte[] peek(int wanted) throws IOException {
        boolean more = true;
        while (more && limit - at < wanted) {
            more = fill();
        }
        return Arrays.copyOfRange(buffer, at, limit);
    }

    /// The connection with the buffered bytes put back in front; this input must not be used afterwards.
    public Connection rest() {
        var rest = at == limit ? connection : new Unread(connection, Arrays.copyOfRange(buffer, at, limit));
        buffer = NOTHING;
        at = 0;
        limit = 0;
        return rest;
    }

    /// Where the line that starts at `at` ends, its CRLF not included; does not consume it.
    private int peekLine(int bytesMax) throws IOException {
        int scanned = at;
        while (true) {
            for (; scanned < limit; scanned++) {
                if (buffer[scanned] == '\n') {
                    if (scanned == at || buffer[scanned - 1] != '\r') {
                        throw new BadMessageException(400, "a line ends with a bare LF");
                    }
                    checkLine(scanned, bytesMax, 400);
                    return scanned - 1;
                }
            }
            checkLine(scanned, bytesMax, 400);
            int consumed = at;
            if (!fill()) {
                throw new EOFException("the stream ended inside a line");
            }
            scanned -= consumed - at;
        }
    }

    /// The end of the head that starts at `at`: behind its empty line, however the lines end, so that a head
    /// with bare LFs is refused at once and not waited for.
    private int headEnd(int bytesMax, int firstLineMax) throws IOException {
        int scanned = at;
        boolean firstLine = true;
        while (true) {
            for (; scanned < limit; scanned++) {
                if (buffer[scanned] != '\n') {
                    continue;
                }
                if (firstLine) {
                    checkLine(scanned, firstLineMax, 414);
                    firstLine = false;
                }
                int end = emptyLineEnd(scanned + 1);
                if (end > 0 && end - at <= bytesMax) {
                    return end;
                }
                if (scanned + 2 >= limit) {
                    break;
                }
            }
            if (firstLine) {
                checkLine(scanned, firstLineMax, 414);
            }
            if (limit - at >= bytesMax) {
                throw new BadMessageException(431, "the head is longer than " + bytesMax + " bytes");
            }
            int consumed = at;
            if (!fill()) {
                throw new EOFException("the stream ended inside a head");
            }
            scanned -= consumed - at;
        }
    }

    /// The offset behind the empty line that starts at `from`; 0 where there is none.
    private int emptyLineEnd(int from) {
        if (from < limit && buffer[from] == '\n') {
            return from + 1;
        }
        return from + 1 < limit && buffer[from] == '\r' && buffer[from + 1] == '\n' ? from + 2 : 0;
    }

    /// The line from `at` to `end`, where its LF stands or is still to come; the byte before that is its CR.
    private void checkLine(int end, int bytesMax, int status) throws BadMessageException {
        if (end - at - 1 > bytesMax) {
            throw new BadMessageException(status, "a line is longer than " + bytesMax + " bytes");
        }
    }

    /// Reads more behind what is buffered, making room first; moves `at` to 0 when it has to.
    private boolean fill() throws IOException {
        if (at == limit) {
            at = 0;
            limit = 0;
            if (buffer.length > BUFFER_MIN_BYTES) { // one long head must not cost memory for the connection's life
                buffer = new byte[BUFFER_MIN_BYTES];
            }
        }
        if (limit == buffer.length) {
            if (at > 0) {
                System.arraycopy(buffer, at, buffer, 0, limit - at);
                limit -= at;
                at = 0;
            } else {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
        }
        if (limit == 0) {
            FairThreads.makeWay();
        }
        int n = connection.read(buffer, limit, buffer.length - limit);
        if (n <= 0) {
            return false;
        }
        limit += n;
        return true;
    }
}
