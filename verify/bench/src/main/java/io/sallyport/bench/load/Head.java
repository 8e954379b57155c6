package io.sallyport.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Collects the head of one message after the other and finds in it what load and backend need, without
/// objects.
final class Head {
    private static final int BYTES_MAX = 16 << 10;
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] CONNECTION_CLOSE = ascii("connection: close");

    private final byte[] bytes = new byte[BYTES_MAX];
    private int filled;

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void clear() {
        filled = 0;
    }

    /// Takes bytes up to the empty line; whether that has come.
    boolean fill(ByteBuffer from) throws IOException {
        int before = filled;
        int taken = Math.min(from.remaining(), BYTES_MAX - filled);
        from.get(bytes, before, taken);
        for (int i = Math.max(3, before); i < before + taken; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                filled = i + 1;
                from.position(from.position() - (before + taken - filled));
                return true;
            }
        }
        filled = before + taken;
        if (filled == BYTES_MAX) {
            throw new IOException("a head is longer than " + BYTES_MAX + " bytes");
        }
        return false;
    }

    boolean startsWith(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (bytes[i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /// The message's `Content-Length`, or -1.
    long contentLength() {
        int at = field(CONTENT_LENGTH);
        if (at < 0) {
            return -1;
        }
        long length = 0;
        for (at += CONTENT_LENGTH.length; bytes[at] != '\r'; at++) {
            length = bytes[at] == ' ' ? length : length * 10 + bytes[at] - '0';
        }
        return length;
    }

    boolean closes() {
        return field(CONNECTION_CLOSE) >= 0;
    }

    /// The value of a field by its name, or an empty text.
    String value(String name) {
        int at = field(ascii(name.toLowerCase(Locale.ROOT) + ":"));
        return at < 0 ? "" : lineAt(at).substring(name.length() + 1).strip();
    }

    String firstLine() {
        return lineAt(0);
    }

    private String lineAt(int from) {
        int to = from;
        while (to < filled && bytes[to] != '\r') {
            to++;
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /// Where the line is that starts with `name`, given in lower case, or -1.
    private int field(byte[] name) {
        for (int i = 0; i + name.length < filled; i++) {
            if (bytes[i] == '\n' && matches(name, i + 1)) {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean matches(byte[] name, int at) {
        for (int i = 0; i < name.length; i++) {
            byte b = bytes[at + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name[i]) {
                return false;
            }
        }
        return true;
    }
}
