package io.sallyport.cli;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Finds the few keys that are for us among those for the program: Ctrl-] and one more.
///
/// | keys | |
/// |---|---|
/// | Ctrl-] d | detach |
/// | Ctrl-] c | interrupt the program, and leave out the output that waits |
/// | Ctrl-] ? | help |
/// | Ctrl-] Ctrl-] | one Ctrl-] for the program |
/// | Ctrl-] and anything else | both for the program |
///
/// - **Threads**: one.
final class EscapeKeys {
    static final byte ESCAPE = 0x1d;

    private boolean escaped;

    /// What is to be done with what was typed.
    sealed interface Action {
        /// For the program.
        record Input(byte[] bytes) implements Action {}

        record Detach() implements Action {}

        record Interrupt() implements Action {}

        record Help() implements Action {}
    }

    /// Takes what was typed, in pieces of any size, and says what to do, in this order.
    List<Action> feed(byte[] typed, int length) {
        var actions = new ArrayList<Action>();
        var input = new ByteArrayOutputStream(length + 1);
        for (int i = 0; i < length; i++) {
            byte key = typed[i];
            if (!escaped) {
                escaped = key == ESCAPE;
                if (!escaped) {
                    input.write(key);
                }
                continue;
            }
            escaped = false;
            switch (key) {
                case 'd' -> act(new Action.Detach(), input, actions);
                case 'c' -> act(new Action.Interrupt(), input, actions);
                case '?' -> act(new Action.Help(), input, actions);
                case ESCAPE -> input.write(ESCAPE);
                default -> {
                    input.write(ESCAPE);
                    input.write(key);
                }
            }
        }
        flush(input, actions);
        return actions;
    }

    private static void act(Action action, ByteArrayOutputStream before, List<Action> actions) {
        flush(before, actions);
        actions.add(action);
    }

    private static void flush(ByteArrayOutputStream input, List<Action> actions) {
        if (input.size() > 0) {
            actions.add(new Action.Input(input.toByteArray()));
            input.reset();
        }
    }
}
