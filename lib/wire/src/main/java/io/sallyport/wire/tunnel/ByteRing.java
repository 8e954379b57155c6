package io.sallyport.wire.tunnel;

/// Bytes that came and were not read yet. Grows to what is in it, up to a limit, and keeps nothing while it is empty.
///
/// - **Threads**: one at a time.
final class ByteRing {
    private static final int BYTES_MIN = 4 << 10;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int from;
    private int size;

    int size() {
        return size;
    }

    void put(byte[] source, int offset, int length) {
        makeRoom(size + length);
        int to = (from + size) % bytes.length;
        int first = Math.min(length, bytes.length - to);
        System.arraycopy(source, offset, bytes, to, first);
        System.arraycopy(source, offset + first, bytes, 0, length - first);
        size += length;
    }

    int take(byte[] into, int offset, int length) {
        int n = Math.min(length, size);
        int first = Math.min(n, bytes.length - from);
        System.arraycopy(bytes, from, into, offset, first);
        System.arraycopy(bytes, 0, into, offset + first, n - first);
        size -= n;
        if (size == 0) {
            clear();
        } else {
            from = (from + n) % bytes.length;
        }
        return n;
    }

    void clear() {
        from = 0;
        size = 0;
        if (bytes.length > BYTES_MIN) {
            bytes = NOTHING;
        }
    }

    private void makeRoom(int wanted) {
        if (wanted <= bytes.length) {
            return;
        }
        int length = Math.max(BYTES_MIN, bytes.length);
        while (length < wanted) {
            length *= 2;
        }
        var larger = new byte[length];
        int kept = size;
        int first = Math.min(kept, bytes.length - from);
        System.arraycopy(bytes, from, larger, 0, first);
        System.arraycopy(bytes, 0, larger, first, kept - first);
        bytes = larger;
        from = 0;
    }
}
