package io.sallyport.wire.http1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/// The bytes of one body, ending where its [Framing] says.
///
/// - **Errors**: [EOFException] when the sender stops early, [BadMessageException] for a broken chunk.
/// - **Closes**: closing changes nothing; the connection belongs to whoever reads the next message.
public final class BodyInput extends InputStream {
    private static final int CHUNK_DIGITS_MAX = 15;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String QUOTED_CHAR = "[^\\x00-\\x08\\x0a-\\x1f\\x7f%s]";
    private static final String QUOTED =
            "\"(?:" + QUOTED_CHAR.formatted("\"\\\\") + "|\\\\" + QUOTED_CHAR.formatted("") + ")*+\"";

    /// Possessive throughout: a long line is matched without recursion.
    private static final Pattern EXTENSIONS =
            Pattern.compile("(?:[ \\t]*+;[ \\t]*+%1$s(?:[ \\t]*+=[ \\t]*+(?:%1$s|%2$s))?+)*+".formatted(TOKEN, QUOTED));

    private final WireInput input;
    private final Framing framing;
    private long left; // of the body by length, or of the chunk at hand
    private boolean ended;
    private boolean broken;
    private boolean insideChunk;
    private Headers trailers = Headers.EMPTY;

    public BodyInput(WireInput input, Framing framing) {
        this.input = input;
        this.framing = framing;
        this.left = framing instanceof Framing.Length(long bytes) ? bytes : 0;
        this.ended = switch (framing) {
            case Framing.None none -> true;
            case Framing.Length(long bytes) -> bytes == 0;
            case Framing.Chunked chunked -> false;
            case Framing.UntilClose untilClose -> false;
        };
    }

    /// Whether every byte has been read, trailers included.
    public boolean ended() {
        return ended;
    }

    /// The trailers of a chunked body, known when it has [#ended()].
    public Headers trailers() {
        return trailers;
    }

    @Override
    public int available() {
        return ended ? 0 : input.buffered();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        if (broken) {
            throw new IOException("the body broke before");
        }
        boolean whole = false;
        try {
            int n = readFramed(into, offset, length);
            whole = true;
            return n;
        } finally {
            // Behind a broken body nobody can tell where the next message starts: it must never be read as if one
            // could.
            broken = !whole;
        }
    }

    /// Whether [#read(ByteBuffer)] can be called: the body has a length, and nothing of it is buffered.
    public boolean direct() {
        return framing instanceof Framing.Length && !ended && !broken && input.buffered() == 0;
    }

    /// Reads into a buffer without any other in between, see [#direct()].
    public int read(ByteBuffer into) throws IOException {
        if (into.remaining() > left) {
            into.limit(into.position() + (int) left);
        }
        boolean whole = false;
        try {
            int n = input.readPast(into);
            count(n);
            whole = true;
            return n;
        } finally {
            broken = !whole;
        }
    }

    private int readFramed(byte[] into, int offset, int length) throws IOException {
        return switch (framing) {
            case Framing.None none -> -1;
            case Framing.Length byLength -> readCounted(into, offset, length);
            case Framing.Chunked chunked -> readChunk(into, offset, length);
            case Framing.UntilClose untilClose -> {
                int n = input.read(into, offset, length);
                ended = n < 0;
                yield n;
            }
        };
    }

    private int readCounted(byte[] into, int offset, int length) throws IOException {
        int n = input.read(into, offset, (int) Math.min(length, left));
        count(n);
        return n;
    }

    private void count(int read) throws EOFException {
        if (read < 0) {
            throw new EOFException("the stream ended " + left + " bytes before the end of the body");
        }
        left -= read;
        ended = left == 0 && framing instanceof Framing.Length;
    }

    private int readChunk(byte[] into, int offset, int length) throws IOException {
        if (left == 0) {
            if (insideChunk) {
                input.expectCrlf();
            }
            left = chunkSize(input.readChunkLine());
            insideChunk = true;
            if (left == 0) {
                trailers = input.readTrailers();
                ended = true;
                return -1;
            }
        }
        return readCounted(into, offset, length);
    }

    /// The size a chunk line states. Extensions are accepted and go no further.
    static long chunkSize(String line) throws BadMessageException {
        int digits = 0;
        long size = 0;
        while (digits < line.length() && Character.digit(line.charAt(digits), 16) >= 0 && line.charAt(digits) < 128) {
            size = (size << 4) | Character.digit(line.charAt(digits), 16);
            digits++;
            if (digits > CHUNK_DIGITS_MAX) {
                throw new BadMessageException(400, "a chunk size has more than " + CHUNK_DIGITS_MAX + " digits");
            }
        }
        if (digits == 0) {
            throw new BadMessageException(400, "a chunk does not start with its size in hexadecimal");
        }
        if (digits < line.length()
                && !EXTENSIONS.matcher(line).region(digits, line.length()).matches()) {
            throw new BadMessageException(400, "a chunk size is followed by something else than an extension");
        }
        return size;
    }
}
