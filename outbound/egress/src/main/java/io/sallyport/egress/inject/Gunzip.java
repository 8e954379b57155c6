package io.sallyport.egress.inject;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A gzip body decoded, with as many members as it has, read to its own end.
///
/// - **Errors**: one that is cut, damaged, or followed by anything else.
///
/// @spec https://www.rfc-editor.org/info/rfc1952 RFC 1952
final class Gunzip extends InputStream {
    private static final int BUFFER_BYTES = 8 << 10;

    private final InputStream body;
    private @Nullable GZIPInputStream plain; // reads its head when it is made
    private boolean ended;

    Gunzip(InputStream body) {
        this.body = body;
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
        if (plain == null) {
            plain = new GZIPInputStream(new Waiting(body), BUFFER_BYTES);
        }
        int n = plain.read(into, offset, length);
        if (n < 0) {
            ended = true;
            if (body.read() >= 0) {
                throw new IOException("bytes behind the end of a gzip body");
            }
        }
        return n;
    }

    /// Says that there is more until it is known that there is not: the decoder would take a pause between two
    /// members for the end.
    private static final class Waiting extends FilterInputStream {
        Waiting(InputStream body) {
            super(body);
        }

        @Override
        public int available() {
            return 1;
        }
    }
}
