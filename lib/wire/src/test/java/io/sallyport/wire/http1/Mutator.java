package io.sallyport.wire.http1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// Makes inputs that nobody has thought of out of those that somebody has.
///
/// - **Threads**: one at a time; every input is made in the same buffer.
/// - **Limits**: an input has at most [#INPUT_BYTES_MAX] bytes.
final class Mutator {
    static final int INPUT_BYTES_MAX = 4 << 10;

    private static final int EDITS_MAX = 4;
    private static final byte[] NOTHING = {};

    /// What has confused one reader or another.
    private static final byte[][] TOKENS = tokens();

    private final SplittableRandom random;
    private final List<byte[]> seeds;
    private final byte[] bytes = new byte[INPUT_BYTES_MAX];
    private int length;

    Mutator(SplittableRandom random, List<byte[]> seeds) {
        this.random = random;
        this.seeds = seeds;
    }

    /// Makes the next input, which is in [#bytes()] up to [#length()] then.
    void next() {
        var seed = seed();
        System.arraycopy(seed, 0, bytes, 0, seed.length);
        length = seed.length;
        for (int edits = 1 + random.nextInt(1 + random.nextInt(EDITS_MAX)); edits > 0; edits--) {
            edit();
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void edit() {
        int at = random.nextInt(length + 1);
        switch (random.nextInt(12)) {
            case 0 -> replace(at, Math.min(at + 1, length), new byte[] {(byte) random.nextInt(256)});
            case 1, 10 -> replace(at, at, token());
            case 2 -> replace(at, Math.min(length, at + 1 + random.nextInt(3)), token());
            case 3 -> replace(at, Math.min(length, at + 1 + random.nextInt(8)), NOTHING);
            case 4 -> replace(at, length, NOTHING);
            case 5 -> replace(lineStart(at), lineEnd(at), NOTHING);
            case 6 -> repeat(lineStart(at), lineEnd(at));
            case 7 -> repeat(at, Math.min(length, at + 1 + random.nextInt(16)));
            case 8 -> splice(at);
            default -> replaceKnownToken();
        }
    }

    private byte[] seed() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] token() {
        return TOKENS[random.nextInt(TOKENS.length)];
    }

    /// The rest becomes the end of another seed.
    private void splice(int at) {
        var other = seed();
        int from = random.nextInt(other.length + 1);
        var end = new byte[other.length - from];
        System.arraycopy(other, from, end, 0, end.length);
        replace(at, length, end);
    }

    private void repeat(int from, int to) {
        var again = new byte[to - from];
        System.arraycopy(bytes, from, again, 0, again.length);
        replace(to, to, again);
    }

    /// One token of the dictionary, where it occurs, becomes another.
    private void replaceKnownToken() {
        var known = token();
        for (int at = 0; at + known.length <= length; at++) {
            if (matches(known, at)) {
                replace(at, at + known.length, token());
                return;
            }
        }
    }

    private boolean matches(byte[] token, int at) {
        for (int i = 0; i < token.length; i++) {
            if (bytes[at + i] != token[i]) {
                return false;
            }
        }
        return true;
    }

    private int lineStart(int at) {
        int start = at;
        while (start > 0 && bytes[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    private int lineEnd(int at) {
        int end = at;
        while (end < length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(length, end + 1);
    }

    /// Does nothing where the result would be too long.
    private void replace(int from, int to, byte[] by) {
        int longer = length - (to - from) + by.length;
        if (longer <= bytes.length) {
            System.arraycopy(bytes, to, bytes, from + by.length, length - to);
            System.arraycopy(by, 0, bytes, from, by.length);
            length = longer;
        }
    }

    /// One token per line, as [Notation].
    private static byte[][] tokens() {
        try (var lines = Objects.requireNonNull(Mutator.class.getResourceAsStream("fuzz-dictionary.txt"))) {
            return new String(lines.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> Notation.read(line).getBytes(StandardCharsets.ISO_8859_1))
                    .toArray(byte[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
