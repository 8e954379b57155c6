package io.sallyport.cli;

import java.util.OptionalLong;

/// Where a viewer is in the numbered output of a terminal, over all its connections.
///
/// - **Threads**: any.
final class OutputPosition {
    private boolean known;
    private long wanted; // the next byte to be dealt with
    private long coming; // the next byte on this connection
    private long acked;

    /// At a number, or, when empty, at the oldest byte that is kept.
    OutputPosition(OptionalLong since) {
        known = since.isPresent();
        wanted = since.orElse(0);
    }

    /// What to ask the next connection for.
    synchronized OptionalLong since() {
        return known ? OptionalLong.of(wanted) : OptionalLong.empty();
    }

    /// A connection begins at this number; gives how much is missing before it.
    synchronized long attached(long from) {
        long missing = known ? Math.max(0, from - wanted) : 0;
        wanted = known ? wanted + missing : from;
        known = true;
        coming = from;
        acked = from;
        return missing;
    }

    /// The terminal leaves something out; gives how much of it is missing.
    synchronized long gap(long from, long to) {
        long missing = Math.max(0, to - Math.max(wanted, from));
        coming = to;
        wanted = Math.max(wanted, to);
        return missing;
    }

    /// So many bytes have come; gives how many of them, from the first on, have been dealt with before.
    synchronized int came(int length) {
        int before = Math.clamp(wanted - coming, 0, length);
        coming += length;
        return before;
    }

    /// Everything that has come has been dealt with. Gives how much of that is not acknowledged.
    synchronized long dealtWith() {
        wanted = Math.max(wanted, coming);
        return wanted - acked;
    }

    /// The number to acknowledge up to, where that says anything new.
    synchronized OptionalLong ack() {
        if (wanted <= acked) {
            return OptionalLong.empty();
        }
        acked = wanted;
        return OptionalLong.of(wanted);
    }
}
