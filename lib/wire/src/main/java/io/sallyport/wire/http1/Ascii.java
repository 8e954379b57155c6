package io.sallyport.wire.http1;

/// The character classes of HTTP.
///
/// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §5.5, §5.6.2
public final class Ascii {
    private static final boolean[] TOKEN = new boolean[128];
    private static final boolean[] NAME = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            TOKEN[c] = letterOrDigit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            NAME[c] = letterOrDigit || "-._~!$&'()*+;=".indexOf(c) >= 0;
        }
    }

    private Ascii() {}

    static boolean isTokenChar(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    /// Whether it can be a method or the name of a header.
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Visible characters, bytes above 127, space and tab.
    static boolean isFieldChar(int c) {
        return (c >= 0x20 && c < 0x7f) || c == '\t' || (c >= 0x80 && c <= 0xff);
    }

    static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isFieldChar(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// What may stand for itself in a host name.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc3986 RFC 3986 §3.2.2
    static boolean isNameChar(int c) {
        return c < 128 && NAME[c];
    }

    /// What may stand in a request target: no space, no control character, no fragment.
    static boolean isTargetChar(int c) {
        return c > 0x20 && c != 0x7f && c != '#';
    }
}
