package io.sallyport.egress.inject;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A request's body that breaks off where a placeholder stands in it, in any spelling.
///
/// - **Errors**: [MisusedException].
final class WatchedInput extends FilterInputStream {
    private final Credentials.Search search;

    WatchedInput(InputStream body, Credentials credentials) {
        super(body);
        this.search = credentials.search();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int n = super.read(into, offset, length);
        if (n > 0) {
            search.add(into, offset, n);
        }
        return n;
    }
}
