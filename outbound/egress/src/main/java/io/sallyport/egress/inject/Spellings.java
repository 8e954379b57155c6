package io.sallyport.egress.inject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// The ways in which a text may be written inside another. Pure.
///
/// Not found are: other encodings, a text that was cut in pieces, turned round, compressed or encrypted.
final class Spellings {
    /// Shorter ones would be found everywhere.
    static final int BYTES_MIN = 4;

    private static final String UNRESERVED = "-._~";

    private Spellings() {}

    /// Whether a spelling is long enough to be looked for.
    static boolean isFindable(byte[] spelling) {
        return spelling.length >= BYTES_MIN;
    }

    /// All spellings; the same one for the same index of every text.
    static List<byte[]> of(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        var all = new ArrayList<byte[]>();
        all.add(text.getBytes(StandardCharsets.ISO_8859_1));
        all.add(utf8);
        var url = url(utf8, "%20");
        all.add(ascii(url));
        all.add(ascii(lowerEscapes(url)));
        all.add(ascii(url(utf8, "+")));
        for (var json : List.of(json(text, false, false), json(text, true, false), json(text, false, true))) {
            all.add(json.getBytes(StandardCharsets.UTF_8));
        }
        all.add(html(text).getBytes(StandardCharsets.UTF_8));
        for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (int before = 0; before < 3; before++) {
                all.add(base64(utf8, before, encoder));
            }
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String url(byte[] utf8, String space) {
        var out = new StringBuilder();
        for (byte b : utf8) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (plain || UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else if (c == ' ') {
                out.append(space);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return out.toString();
    }

    private static String lowerEscapes(String url) {
        var out = new StringBuilder(url);
        for (int at = out.indexOf("%"); at >= 0; at = out.indexOf("%", at + 3)) {
            out.replace(at + 1, at + 3, out.substring(at + 1, at + 3).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    /// Inside a JSON string.
    ///
    /// @param markup as encoders do whose output may stand in a page
    private static String json(String text, boolean slash, boolean markup) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || (slash && c == '/')) {
                out.append('\\').append(c);
            } else if (c == '\t') {
                out.append("\\t");
            } else if (markup && (c == '<' || c == '>' || c == '&' || c == '\'' || c > '~')) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// The characters that depend on nothing but the text, where so many bytes (modulo 3) stand before it.
    private static byte[] base64(byte[] bytes, int before, Base64.Encoder encoder) {
        var shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        var encoded = encoder.withoutPadding().encode(shifted);
        int from = before == 0 ? 0 : before + 1;
        int to = shifted.length % 3 == 0 ? encoded.length : encoded.length - 1;
        return from < to ? Arrays.copyOfRange(encoded, from, to) : new byte[0];
    }
}
