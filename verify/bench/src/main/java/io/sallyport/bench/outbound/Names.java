package io.sallyport.bench.outbound;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The origin's names.
final class Names {
    static final String DOMAIN = "bench.test";

    /// Of new names that one measurement asks for: fewer than the 100 whose certificates mitmproxy keeps.
    static final int NEW = 80;

    private static final int ROUNDS = 3;

    private Names() {}

    /// What the new names of a round begin with.
    static String prefix(int round) {
        return "r" + round;
    }

    /// All that the load asks for.
    static Stream<String> all() {
        var fresh = IntStream.rangeClosed(1, ROUNDS)
                .boxed()
                .flatMap(round -> IntStream.range(0, NEW).mapToObj(number -> prefix(round) + "-" + number));
        return Stream.concat(Stream.of("origin"), fresh).map(name -> name + "." + DOMAIN);
    }
}
