package io.sallyport.egress.inject;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A body with values replaced.
///
/// - **Limits**: a buffer of [#READ_BYTES] and what may be the beginning of a value, and as much for the output.
final class ScrubbedInput extends InputStream {
    private static final int READ_BYTES = 16 << 10;

    private final Scrubbing scrubbing;
    private final InputStream body;
    private final Buffer ready = new Buffer();
    private byte[] work = new byte[READ_BYTES];
    private int held; // at the beginning of work
    private int readyAt;
    private boolean ended;

    ScrubbedInput(Scrubbing scrubbing, InputStream body) {
        this.scrubbing = scrubbing;
        this.body = body;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (readyAt == ready.length) {
            if (ended) {
                return -1;
            }
            fill();
        }
        int n = Math.min(length, ready.length - readyAt);
        System.arraycopy(ready.bytes, readyAt, into, offset, n);
        readyAt += n;
        return n;
    }

    private void fill() throws IOException {
        if (work.length - held < READ_BYTES) {
            work = Arrays.copyOf(work, held + READ_BYTES);
        }
        int n = body.read(work, held, READ_BYTES);
        ended = n < 0;
        int length = held + Math.max(0, n);
        ready.length = 0;
        readyAt = 0;
        int settled = scrubbing.patterns().run(work, length, ended, ready);
        held = length - settled;
        System.arraycopy(work, settled, work, 0, held);
    }

    /// What can be read.
    private final class Buffer implements Patterns.Output {
        private byte[] bytes = new byte[READ_BYTES];
        private int length;

        @Override
        public void other(byte[] from, int offset, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
            }
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
        }

        @Override
        public void match(int pattern) {
            var instead = scrubbing.replacement(pattern);
            other(instead, 0, instead.length);
        }
    }
}
