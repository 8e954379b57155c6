package io.sallyport.wire.http1;

import io.sallyport.wire.http1.IndependentParser.RejectedException;
import io.sallyport.wire.testing.MemoryConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/// Inputs made from one random seed: each is read by the engine and becomes whole messages or a refusal and
/// nothing else, however it arrives; and a request that is taken is the same to another reader.
final class FuzzBatch implements Callable<FuzzBatch.Tally> {
    static final int INPUTS = 10_000;

    private static final int SEED_BYTES_MAX = 1 << 10;
    private static final int READ_TWICE_EVERY = 8;
    private static final int WHOLE_WEIGHT = 6;

    /// So small that many inputs reach them.
    private static final HttpLimits TIGHT = new HttpLimits(60, 200, 6, 20, 50);

    private static final List<byte[]> REQUESTS = seeds(true);
    private static final List<byte[]> RESPONSES = seeds(false);
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "CONNECT");

    private final SplittableRandom random;
    private final boolean requests;
    private final HttpLimits limits;
    private final EngineReader reader;
    private final Mutator mutator;

    FuzzBatch(long seed) {
        random = new SplittableRandom(seed);
        requests = random.nextInt(3) > 0;
        limits = random.nextInt(4) == 0 ? TIGHT : HttpLimits.DEFAULT;
        reader = new EngineReader(limits);
        mutator = new Mutator(random, requests ? REQUESTS : RESPONSES);
    }

    /// How many inputs became what.
    record Tally(long inputs, long accepted, long refused, long cut) {
        Tally plus(Tally other) {
            return new Tally(
                    inputs + other.inputs, accepted + other.accepted, refused + other.refused, cut + other.cut);
        }

        private static Tally of(Verdict verdict) {
            return switch (verdict) {
                case ACCEPT -> new Tally(1, 1, 0, 0);
                case REFUSE, REFUSE_400, REFUSE_414, REFUSE_431, REFUSE_501, REFUSE_505, REFUSE_EOF ->
                    new Tally(1, 0, 1, 0);
                case CUT, CUT_EOF -> new Tally(1, 0, 0, 1);
            };
        }
    }

    @Override
    public Tally call() {
        var tally = new Tally(0, 0, 0, 0);
        for (int i = 0; i < INPUTS; i++) {
            mutator.next();
            try {
                tally = tally.plus(Tally.of(verdict(i % READ_TWICE_EVERY == 0)));
            } catch (IOException | RejectedException | RuntimeException | AssertionError e) {
                var input = new String(mutator.bytes(), 0, mutator.length(), StandardCharsets.ISO_8859_1);
                throw new AssertionError("input: " + Notation.write(input) + ", " + limits, e);
            }
        }
        return tally;
    }

    private Verdict verdict(boolean twice) throws IOException, RejectedException {
        var method = METHODS.get(random.nextInt(METHODS.size()));
        var reading = read(method, Integer.MAX_VALUE);
        if (requests && !reading.messages().isEmpty()) {
            Differential.check(Arrays.copyOf(mutator.bytes(), mutator.length()), reading);
        }
        if (twice) {
            var inPieces = read(method, 1 + random.nextInt(4));
            if (!inPieces.equals(reading)) {
                throw new AssertionError(reading + " became in small pieces " + inPieces);
            }
        }
        return reading.verdict();
    }

    private Reading read(String method, int readMax) throws IOException {
        var connection = new MemoryConnection(mutator.bytes(), mutator.length(), readMax);
        return requests ? reader.requests(connection) : reader.responses(connection, method);
    }

    /// Whole messages come more often, because what is broken is seldom mended by an edit.
    private static List<byte[]> seeds(boolean requests) {
        var seeds = new ArrayList<byte[]>();
        for (var one : Corpus.CASES) {
            if (one.responseTo().isEmpty() == requests && one.bytes().length() <= SEED_BYTES_MAX) {
                var bytes = one.bytes().getBytes(StandardCharsets.ISO_8859_1);
                seeds.addAll(Collections.nCopies(one.messages().isEmpty() ? 1 : WHOLE_WEIGHT, bytes));
            }
        }
        return seeds;
    }
}
