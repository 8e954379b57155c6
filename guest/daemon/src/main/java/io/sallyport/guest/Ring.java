package io.sallyport.guest;

/// The newest bytes of a stream, each known by its number from the beginning of the stream.
///
/// - **Threads**: one at a time.
/// - **Limits**: the given size; memory grows with what was written, up to that.
public final class Ring {
    private static final int BYTES_MIN = 1 << 10;

    private final int bytesMax;
    private byte[] ring = new byte[BYTES_MIN];
    private long written;

    /// An empty one.
    ///
    /// @param bytesMax a power of two of at least 1,024
    public Ring(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// The number of the next byte.
    public long written() {
        return written;
    }

    /// The number of the oldest byte that is there.
    public long oldest() {
        return Math.max(0, written - ring.length);
    }

    public void append(byte[] bytes, int offset, int length) {
        grow(length);
        int skipped = Math.max(0, length - ring.length);
        written += skipped;
        for (int at = offset + skipped; at < offset + length; ) {
            int into = (int) (written % ring.length);
            int n = Math.min(offset + length - at, ring.length - into);
            System.arraycopy(bytes, at, ring, into, n);
            at += n;
            written += n;
        }
    }

    private void grow(int length) {
        int larger = ring.length;
        while (larger < bytesMax && written + length > larger) {
            larger *= 2;
        }
        if (larger > ring.length) {
            var all = copy(oldest(), (int) (written - oldest()));
            ring = new byte[larger]; // nothing was overwritten yet, so a byte's place is its number
            System.arraycopy(all, 0, ring, 0, all.length);
        }
    }

    /// A copy of bytes that are there.
    public byte[] copy(long from, int length) {
        var copy = new byte[length];
        int start = (int) (from % ring.length);
        int first = Math.min(length, ring.length - start);
        System.arraycopy(ring, start, copy, 0, first);
        System.arraycopy(ring, 0, copy, first, length - first);
        return copy;
    }
}
