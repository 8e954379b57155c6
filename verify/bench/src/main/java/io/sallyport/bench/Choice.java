package io.sallyport.bench;

import java.util.List;
import java.util.function.Function;

/// What somebody wants of what there is.
public final class Choice {
    private Choice() {}

    /// Those of the wanted names, in the order of `all`; all when none is wanted.
    ///
    /// @param option where the names come from: `--only`
    /// @throws IllegalArgumentException for a name that is none
    public static <T> List<T> of(String option, List<T> all, Function<T, String> name, List<String> wanted) {
        var known = all.stream().map(name).toList();
        for (var one : wanted) {
            if (!known.contains(one)) {
                throw new IllegalArgumentException(
                        option + ": " + one + " (expected: " + String.join(", ", known) + ")");
            }
        }
        return all.stream()
                .filter(one -> wanted.isEmpty() || wanted.contains(name.apply(one)))
                .toList();
    }
}
