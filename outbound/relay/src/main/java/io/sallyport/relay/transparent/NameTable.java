package io.sallyport.relay.transparent;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Addresses that stand for names, from the block for benchmarks, which nobody routes.
///
/// - **Threads**: any.
/// - **Limits**: [#NAMES_MAX] names, least recently used first to go; a name keeps its address for [#KEPT] after
///   it was last asked for. An address that is free again is given away last of all, so that a connection to an
///   old one finds no name rather than a wrong one.
///
/// @spec https://www.rfc-editor.org/info/rfc2544 RFC 2544 appendix C.2.2
public final class NameTable {
    static final int NAMES_MAX = 4096;
    static final Duration KEPT = Duration.ofHours(1);

    private static final int FIRST = 198 << 24 | 18 << 16;
    private static final int COUNT = 1 << 17;
    private static final int MASK = -COUNT;

    private record Entry(int address, long usedNanos) {}

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Entry> byName = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Integer, String> byAddress = new HashMap<>();
    private int next = 1;

    /// An empty one.
    ///
    /// @param nanos a clock like [System#nanoTime()]
    public NameTable(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// The address that stands for `name`, which is in lower case and without a dot at its end.
    public Inet4Address addressOf(String name) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            dropOld(now);
            var known = byName.get(name);
            int address = known != null ? known.address() : free();
            byName.put(name, new Entry(address, now));
            byAddress.put(address, name);
            return toAddress(address);
        } finally {
            lock.unlock();
        }
    }

    /// The name that an address stands for; empty where it stands for none now.
    public Optional<String> nameOf(InetAddress address) {
        if (!isSynthetic(address)) {
            return Optional.empty();
        }
        lock.lock();
        try {
            long now = nanos.getAsLong();
            dropOld(now);
            int number = toInt(address);
            var name = byAddress.get(number);
            if (name != null) {
                byName.put(name, new Entry(number, now));
            }
            return Optional.ofNullable(name);
        } finally {
            lock.unlock();
        }
    }

    /// Whether an address is one of those that stand for names, now or at another time.
    public static boolean isSynthetic(InetAddress address) {
        return address instanceof Inet4Address && (toInt(address) & MASK) == FIRST;
    }

    int size() {
        lock.lock();
        try {
            return byName.size();
        } finally {
            lock.unlock();
        }
    }

    private void dropOld(long now) {
        Iterator<Entry> oldestFirst = byName.values().iterator();
        while (oldestFirst.hasNext()) {
            var entry = oldestFirst.next();
            if (now - entry.usedNanos() < KEPT.toNanos()) {
                return;
            }
            oldestFirst.remove();
            byAddress.remove(entry.address());
        }
    }

    /// The next address around; those that are in use are few.
    private int free() {
        if (byName.size() >= NAMES_MAX) {
            var oldest = byName.values().iterator();
            byAddress.remove(oldest.next().address());
            oldest.remove();
        }
        while (true) {
            int address = FIRST | next;
            next = next + 1 == COUNT ? 1 : next + 1;
            if (!byAddress.containsKey(address)) {
                return address;
            }
        }
    }

    private static int toInt(InetAddress address) {
        int number = 0;
        for (byte b : address.getAddress()) {
            number = number << 8 | (b & 0xff);
        }
        return number;
    }

    private static Inet4Address toAddress(int number) {
        try {
            return (Inet4Address) InetAddress.getByAddress(
                    new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }
}
