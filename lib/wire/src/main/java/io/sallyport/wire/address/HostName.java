package io.sallyport.wire.address;

import java.util.List;
import java.util.Optional;

/// The name of a host in its one spelling: lower case, ASCII, no dot at the end. Immutable.
///
/// - **Limits**: 253 characters, 63 a label; letters, digits, `_`, and `-` inside of a label.
/// - **Never**: a name whose last label is a number, because some resolvers take it for an IPv4 address; a name that
///   is not ASCII, because there are several ways to make it so; an `xn--` label that stands for nothing.
///
/// @spec https://www.rfc-editor.org/info/rfc1123 RFC 1123 §2.1
/// @spec https://www.rfc-editor.org/info/rfc5890 RFC 5890 §2.3.2.1
public record HostName(String text) implements Host {
    public static final int LENGTH_MAX = 253;
    public static final int LABEL_MAX = 63;

    private static final String ACE_PREFIX = "xn--";

    /// Takes no other spelling; see [#parse].
    ///
    /// @throws IllegalArgumentException where the text is no name in its one spelling
    public HostName {
        if (!isCanonical(text)) {
            throw new IllegalArgumentException("no canonical host name");
        }
    }

    /// Reads a name in any case, with or without one dot at its end.
    public static Optional<HostName> parse(String text) {
        int length = text.endsWith(".") ? text.length() - 1 : text.length();
        if (length == 0 || length > LENGTH_MAX) {
            return Optional.empty();
        }
        var lower = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            lower.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        var name = lower.toString();
        return isCanonical(name) ? Optional.of(new HostName(name)) : Optional.empty();
    }

    /// Its labels as they are written, the top-level domain last.
    public List<String> labels() {
        return List.of(text.split("\\.", -1));
    }

    /// Whether a resolver could take it for an IPv4 address: its last label is decimal, or hexadecimal with `0x`.
    ///
    /// @spec https://url.spec.whatwg.org/#ends-in-a-number-checker URL Standard
    static boolean endsInNumber(String text) {
        int end = text.endsWith(".") ? text.length() - 1 : text.length();
        int start = end == 0 ? 0 : text.lastIndexOf('.', end - 1) + 1;
        if (start == end) {
            return false;
        }
        boolean hex = end - start >= 2 && text.charAt(start) == '0' && (text.charAt(start + 1) | 0x20) == 'x';
        for (int i = hex ? start + 2 : start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 128 || Character.digit(c, hex ? 16 : 10) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCanonical(String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX || endsInNumber(text)) {
            return false;
        }
        int start = 0;
        while (start <= text.length()) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? text.length() : dot;
            if (!isLabel(text, start, end)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    private static boolean isLabel(String text, int start, int end) {
        if (end == start || end - start > LABEL_MAX || text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!fits) {
                return false;
            }
        }
        return !text.startsWith(ACE_PREFIX, start)
                || Punycode.isValid(text.substring(start + ACE_PREFIX.length(), end));
    }

    @Override
    public String toString() {
        return text;
    }
}
