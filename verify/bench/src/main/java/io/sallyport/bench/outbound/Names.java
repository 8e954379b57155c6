package io.sallyport.bench.outbound;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The origin's names.
final class Names {
    static final String DOMAIN = "bench.test";

    /// Of new names that one measurement asks for: fewer than the 100 whose certificates mitmproxy keeps.
    static final int NEW = 80;

    /// Of those that a warm-up asks for, one after the other and then again: with all others fewer than the 1,024 whose
    /// certificates we keep.
    static final int WARM_UP = 700;

    private static final int ROUNDS = 3;

    private Names() {}

    /// What the new names of a round begin with; of a warm-up, round 0.
    static String prefix(int round) {
        return "r" + round;
    }

    /// All that the load asks for.
    static Stream<String> all() {
        var fresh = IntStream.rangeClosed(0, ROUNDS)
                .boxed()
                .flatMap(round -> IntStream.range(0, round == 0 ? WARM_UP : NEW)
                        .mapToObj(number -> prefix(round) + "-" + number));
        return Stream.concat(Stream.of("origin"), fresh).map(name -> name + "." + DOMAIN);
    }
}
