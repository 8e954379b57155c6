package io.sallyport.wire.http1;

import java.util.regex.Pattern;

/// Bytes as printable text: `\r \n \t \0 \\ \{ \xNN` and `{text*count}` for a repetition. Bytes are ISO-8859-1
/// characters.
final class Notation {
    private static final Pattern REPETITION = Pattern.compile("\\{([^{}]+)\\*([1-9][0-9]{0,6})}");

    private Notation() {}

    /// The text that the notation stands for.
    ///
    /// @throws IllegalArgumentException when it is malformed
    static String read(String notation) {
        var text = new StringBuilder();
        var repetition = REPETITION.matcher(notation);
        for (int at = 0; at < notation.length(); ) {
            char c = notation.charAt(at);
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException("\"" + notation + "\" (expected: printable ASCII)");
            }
            if (c == '\\') {
                at = readEscape(notation, at + 1, text);
            } else if (c == '{') {
                if (!repetition.find(at) || repetition.start() != at) {
                    throw new IllegalArgumentException("\"" + notation + "\" (expected: {text*count}, or \\{)");
                }
                text.repeat(read(repetition.group(1)), Integer.parseInt(repetition.group(2)));
                at = repetition.end();
            } else {
                text.append(c);
                at++;
            }
        }
        return text.toString();
    }

    private static int readEscape(String notation, int at, StringBuilder text) {
        char kind = at < notation.length() ? notation.charAt(at) : ' ';
        switch (kind) {
            case 'r' -> text.append('\r');
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case '0' -> text.append('\0');
            case '\\', '{' -> text.append(kind);
            case 'x' -> {
                if (at + 3 > notation.length()) {
                    throw new IllegalArgumentException("\"" + notation + "\" (expected: two digits after \\x)");
                }
                text.append((char) Integer.parseInt(notation, at + 1, at + 3, 16));
                return at + 3;
            }
            default ->
                throw new IllegalArgumentException("\"" + notation + "\" (expected: \\r \\n \\t \\0 \\\\ \\{ \\xNN)");
        }
        return at + 1;
    }

    /// The notation of a text, without repetitions.
    static String write(String text) {
        var notation = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> notation.append("\\r");
                case '\n' -> notation.append("\\n");
                case '\t' -> notation.append("\\t");
                case '\0' -> notation.append("\\0");
                case '\\', '{' -> notation.append('\\').append(c);
                default -> {
                    if (c < ' ' || c > '~') {
                        notation.append(String.format("\\x%02x", (int) c));
                    } else {
                        notation.append(c);
                    }
                }
            }
        }
        return notation.toString();
    }
}
