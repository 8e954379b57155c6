package io.sallyport.rpc.egress.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// The form of a path that rules are compared with. Pure.
///
/// Servers disagree on what some paths mean, and a rule that is evaded by spelling is none. Such paths have no form
/// here: dot segments, empty segments, `\`, `;`, an encoded `/`, `\`, `;` or control character, an escape of an
/// escape, broken escapes, and what is not UTF-8. What is left means the same to everybody as its form, so it may be
/// sent on as it is. Whether a server tells upper case from lower case is not known here.
///
/// @spec https://www.rfc-editor.org/info/rfc3986 RFC 3986 §3.3 and §6.2.2
public final class RequestPath {
    private static final String LITERAL = "-._~!$&'()*+,=:@";
    private static final String PERCENT = "%25";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private RequestPath() {}

    /// The path of a request's target without its query, in which every character that needs no escape has none and
    /// escapes are in upper case. Empty where there is no one form, and for `*`.
    public static Optional<String> canonical(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        if (end == 0 || target.charAt(0) != '/') {
            return Optional.empty();
        }
        var path = new StringBuilder(end);
        var octets = ByteBuffer.allocate(end);
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c == '%') {
                int octet = escaped(target, i, end);
                if (octet < 0 || isAmbiguous(octet)) {
                    return Optional.empty();
                }
                append(path, octet);
                octets.put((byte) octet);
                i += 2;
            } else if (c == '/' || isLiteral(c)) {
                path.append(c);
                octets.put((byte) c);
            } else {
                return Optional.empty();
            }
        }
        boolean unambiguous = isUtf8(octets.flip()) && hasPlainSegments(path) && !hasEscapedEscape(path);
        return unambiguous ? Optional.of(path.toString()) : Optional.empty();
    }

    /// The octet of the two digits behind a position; -1 where there are none.
    private static int escaped(String text, int at, int end) {
        if (at + 2 >= end || text.charAt(at + 1) >= 128 || text.charAt(at + 2) >= 128) {
            return -1;
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean isAmbiguous(int octet) {
        return octet < ' ' || octet == 127 || octet == '/' || octet == '\\' || octet == ';';
    }

    private static boolean isLiteral(int c) {
        boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return alphanumeric || LITERAL.indexOf(c) >= 0;
    }

    private static void append(StringBuilder path, int octet) {
        if (isLiteral(octet)) {
            path.append((char) octet);
        } else {
            path.append('%').append(HEX[octet >> 4]).append(HEX[octet & 15]);
        }
    }

    private static boolean isUtf8(ByteBuffer octets) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(octets);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /// Whether somebody who decodes twice sees more than somebody who does so once.
    private static boolean hasEscapedEscape(StringBuilder path) {
        for (int at = path.indexOf(PERCENT); at >= 0; at = path.indexOf(PERCENT, at + 1)) {
            if (at + PERCENT.length() + 1 < path.length()
                    && HexFormat.isHexDigit(path.charAt(at + PERCENT.length()))
                    && HexFormat.isHexDigit(path.charAt(at + PERCENT.length() + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasPlainSegments(StringBuilder path) {
        int start = 1;
        while (start < path.length()) {
            int slash = path.indexOf("/", start);
            int end = slash < 0 ? path.length() : slash;
            var segment = path.substring(start, end);
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }
}
