package io.sallyport.gateway.page;

import java.util.List;

/// A refusal with what there is to say about it.
///
/// @param sentence for people
/// @param listening ports of the sandbox on which something listens, where that helps
public record Refused(Outcome outcome, String sentence, List<Integer> listening) {
    public Refused {
        listening = List.copyOf(listening);
    }

    public static Refused because(Outcome outcome) {
        return new Refused(outcome, outcome.sentence(), List.of());
    }

    /// A refusal with more to say.
    ///
    /// @param more is put behind the outcome's own sentence
    public static Refused because(Outcome outcome, String more) {
        return new Refused(outcome, outcome.sentence() + " " + more, List.of());
    }
}
