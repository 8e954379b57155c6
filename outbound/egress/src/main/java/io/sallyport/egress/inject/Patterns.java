package io.sallyport.egress.inject;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/// Finds many byte strings at once, in time that does not depend on how many they are. Immutable, pure.
///
/// An automaton by Aho and Corasick. The root has a table, for there it is nearly always; every other state a list
/// of the few bytes that lead on, so that memory stays a few ints for each byte of the patterns.
///
/// Of matches that overlap the leftmost counts, and of those that begin together the longest.
///
/// @spec https://doi.org/10.1145/360825.360855 A. V. Aho, M. J. Corasick: Efficient string matching
final class Patterns {
    static final int NONE = -1;
    static final int ROOT = 0;

    private final int[] root = new int[256];
    private final boolean[] pairs = new boolean[1 << 16]; // with which two bytes a pattern begins
    private final int[] lengths;
    private byte[] label = new byte[64];
    private int[] child = new int[64];
    private int[] sibling = new int[64];
    private int[] fail = new int[64];
    private int[] depth = new int[64];
    private int[] match = new int[64]; // the longest pattern that ends here
    private int states = 1;

    /// Takes what is found and what is not, in its order.
    interface Output {
        void other(byte[] bytes, int offset, int length);

        void match(int pattern);
    }

    /// Those patterns.
    ///
    /// @param patterns of at least two bytes, no two the same
    Patterns(List<byte[]> patterns) {
        lengths = new int[patterns.size()];
        match[ROOT] = NONE;
        for (int i = 0; i < lengths.length; i++) {
            var pattern = patterns.get(i);
            lengths[i] = pattern.length;
            pairs[pair(pattern, 0)] = true;
            int state = ROOT;
            for (byte b : pattern) {
                state = childOrNew(state, b);
            }
            match[state] = i;
        }
        link();
    }

    private static int pair(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    private int childOrNew(int state, byte b) {
        int known = child(state, b);
        if (known != ROOT) {
            return known;
        }
        if (states == label.length) {
            int more = 2 * states;
            label = Arrays.copyOf(label, more);
            child = Arrays.copyOf(child, more);
            sibling = Arrays.copyOf(sibling, more);
            fail = Arrays.copyOf(fail, more);
            depth = Arrays.copyOf(depth, more);
            match = Arrays.copyOf(match, more);
        }
        int made = states++;
        label[made] = b;
        sibling[made] = child[state];
        child[state] = made;
        depth[made] = depth[state] + 1;
        match[made] = NONE;
        if (state == ROOT) {
            root[b & 0xff] = made;
        }
        return made;
    }

    private int child(int state, byte b) {
        if (state == ROOT) {
            return root[b & 0xff];
        }
        int at = child[state];
        while (at != ROOT && label[at] != b) {
            at = sibling[at];
        }
        return at;
    }

    /// Where each state goes on when nothing in it fits, level by level.
    private void link() {
        var queue = new ArrayDeque<Integer>();
        for (int at = child[ROOT]; at != ROOT; at = sibling[at]) {
            queue.add(at);
        }
        while (!queue.isEmpty()) {
            int state = queue.remove();
            for (int at = child[state]; at != ROOT; at = sibling[at]) {
                fail[at] = step(fail[state], label[at]);
                if (match[at] == NONE) {
                    match[at] = match[fail[at]];
                }
                queue.add(at);
            }
        }
    }

    /// The state behind one more byte.
    int step(int from, byte b) {
        int state = from;
        while (true) {
            int next = child(state, b);
            if (next != ROOT || state == ROOT) {
                return next;
            }
            state = fail[state];
        }
    }

    /// How many of the last bytes may be the beginning of a pattern.
    int depth(int state) {
        return depth[state];
    }

    /// The longest pattern that ends in a state, or [#NONE].
    int matchAt(int state) {
        return match[state];
    }

    /// Goes through the first `length` bytes, and says how many of them are settled: the others are to be given
    /// again, with more behind them.
    ///
    /// @param last nothing follows, and everything is settled
    int run(byte[] bytes, int length, boolean last, Output output) {
        int settled = 0;
        int at = 0;
        int state = ROOT;
        int best = NONE;
        int bestStart = 0;
        int bestEnd = 0;
        while (true) {
            if (best != NONE && (isDecided(state, at, bestStart) || (last && at == length))) {
                output.other(bytes, settled, bestStart - settled);
                output.match(best);
                settled = bestEnd;
                at = bestEnd;
                state = ROOT;
                best = NONE;
                continue;
            }
            if (state == ROOT) {
                at = skip(bytes, at, length);
            }
            if (at == length) {
                break;
            }
            state = step(state, bytes[at++]);
            int found = match[state];
            if (found != NONE) {
                int start = at - lengths[found];
                if (best == NONE || start < bestStart || (start == bestStart && at > bestEnd)) {
                    best = found;
                    bestStart = start;
                    bestEnd = at;
                }
            }
        }
        int end = last ? length : length - depth[state];
        if (best != NONE) {
            end = Math.min(end, bestStart);
        }
        output.other(bytes, settled, end - settled);
        return end;
    }

    /// Whether no match can come any more that would go before the one that begins at `start`.
    private boolean isDecided(int state, int at, int start) {
        int begun = at - depth[state];
        return begun > start || (begun == start && child[state] == ROOT);
    }

    /// The next place where a pattern may begin.
    private int skip(byte[] bytes, int from, int length) {
        int at = from;
        int end = length - 1;
        while (at < end && !pairs[pair(bytes, at)]) {
            at++;
        }
        return at < end || (at < length && root[bytes[at] & 0xff] != ROOT) ? at : length;
    }
}
