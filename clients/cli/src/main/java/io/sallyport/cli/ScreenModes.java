package io.sallyport.cli;

import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/// Reads along in a program's output what it switched on in the terminal: other screen, mouse, hidden cursor,
/// bracketed paste and so on; and knows how to switch it off when the program cannot.
///
/// - **Threads**: one.
/// - **Limits**: [#MODES_MAX] modes; parameters of [#PARAMETERS_MAX] characters.
///
/// @spec https://invisible-island.net/xterm/ctlseqs/ctlseqs.html XTerm Control Sequences
final class ScreenModes {
    private static final int MODES_MAX = 256;
    private static final int PARAMETERS_MAX = 64;
    private static final int ESC = 0x1b;
    private static final int BEL = 0x07;
    private static final int CANCEL = 0x18;
    private static final int SUBSTITUTE = 0x1a;
    private static final int WRAPS = 7;
    private static final int CURSOR = 25;

    private enum State {
        /// Between characters.
        REST,
        /// Inside a character of UTF-8.
        CHARACTER,
        ESCAPE,
        /// `ESC ( B` before its last byte.
        INTERMEDIATE,
        /// `ESC [` and parameters.
        CONTROL,
        /// A title or the like, up to `ESC \` or BEL.
        STRING,
        STRING_ESCAPE
    }

    private final TreeSet<Integer> changed = new TreeSet<>();
    private final StringBuilder parameters = new StringBuilder();
    private State state = State.REST;
    private int continuations;
    private int intermediate;
    private int keyboards;
    private boolean otherKeys;
    private boolean keypad;
    private boolean margins;
    private boolean lineDrawing;

    /// Whether the output so far ends between two characters, so that something may be said in between.
    boolean atRest() {
        return state == State.REST;
    }

    /// Whether a program has the whole screen.
    boolean otherScreen() {
        return changed.contains(1049) || changed.contains(1047) || changed.contains(47);
    }

    void feed(byte[] output, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            feed(output[i] & 0xff);
        }
    }

    private void feed(int octet) {
        boolean inString = state == State.STRING || state == State.STRING_ESCAPE;
        if (octet == CANCEL || octet == SUBSTITUTE) {
            state = State.REST;
        } else if (octet == ESC && !inString) {
            state = State.ESCAPE;
        } else {
            state = switch (state) {
                case REST -> character(octet);
                case CHARACTER -> octet >> 6 == 0b10 && --continuations > 0 ? State.CHARACTER : State.REST;
                case ESCAPE -> escape(octet);
                case INTERMEDIATE -> afterIntermediate(octet);
                case CONTROL -> control(octet);
                case STRING -> octet == ESC ? State.STRING_ESCAPE : octet == BEL ? State.REST : State.STRING;
                case STRING_ESCAPE -> octet == '\\' ? State.REST : escape(octet);
            };
        }
    }

    private State character(int octet) {
        if (octet < 0xc0) {
            return State.REST;
        }
        continuations = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
        return State.CHARACTER;
    }

    private State escape(int octet) {
        switch (octet) {
            case '[' -> {
                parameters.setLength(0);
                return State.CONTROL;
            }
            case ']', 'P', '_', '^', 'X' -> {
                return State.STRING;
            }
            case 'c' -> forget();
            case '=' -> keypad = true;
            case '>' -> keypad = false;
            default -> {
                if (octet >= 0x20 && octet < 0x30) {
                    intermediate = octet;
                    return State.INTERMEDIATE;
                }
            }
        }
        return State.REST;
    }

    private State afterIntermediate(int octet) {
        if (octet >= 0x20 && octet < 0x30) {
            return State.INTERMEDIATE;
        }
        if (intermediate == '(') {
            lineDrawing = octet == '0';
        }
        return State.REST;
    }

    private State control(int octet) {
        if (octet < 0x20) {
            return State.CONTROL; // a control character takes effect in the middle
        }
        if (octet < 0x40) {
            if (parameters.length() < PARAMETERS_MAX) {
                parameters.append((char) octet);
            }
            return State.CONTROL;
        }
        var text = parameters.toString();
        switch (octet) {
            case 'h', 'l' -> modes(text, octet == 'h');
            case 'r' -> margins = text.isEmpty() ? false : margins || Character.isDigit(text.charAt(0));
            case 'u' -> keyboards = Math.max(0, keyboards + (text.startsWith(">") ? 1 : text.startsWith("<") ? -1 : 0));
            case 'm' -> otherKeys = text.startsWith(">4") ? text.startsWith(">4;") && !text.endsWith(";0") : otherKeys;
            default -> {
                // Draws, moves or asks.
            }
        }
        return State.REST;
    }

    private void modes(String text, boolean on) {
        if (!text.startsWith("?")) {
            return;
        }
        for (var number : text.substring(1).split(";", -1)) {
            if (!number.matches("[0-9]{1,5}")) {
                continue;
            }
            int mode = Integer.parseInt(number);
            boolean usual = mode == WRAPS || mode == CURSOR;
            if (on == usual) {
                changed.remove(mode);
            } else if (changed.size() < MODES_MAX) {
                changed.add(mode);
            }
        }
    }

    private void forget() {
        changed.clear();
        keyboards = 0;
        otherKeys = false;
        keypad = false;
        margins = false;
        lineDrawing = false;
    }

    /// What makes the terminal as it was; empty where nothing has been changed. Afterwards nothing has.
    byte[] reset() {
        var text = new StringBuilder();
        if (state == State.STRING || state == State.STRING_ESCAPE) {
            text.append("\033\\");
        } else if (state != State.REST && state != State.CHARACTER) {
            text.append((char) CANCEL);
        }
        if (keyboards > 0) {
            text.append("\033[<").append(keyboards).append('u');
        }
        if (margins) {
            text.append("\0337\033[r\0338");
        }
        text.append(otherKeys ? "\033[>4m" : "").append(keypad ? "\033>" : "").append(lineDrawing ? "\033(B" : "");
        for (int mode : changed.descendingSet()) {
            text.append("\033[?").append(mode).append(mode == WRAPS || mode == CURSOR ? 'h' : 'l');
        }
        if (!text.isEmpty()) {
            text.append("\033[0m");
        }
        forget();
        state = State.REST;
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
