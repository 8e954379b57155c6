package io.sallyport.wire.http1;

import java.util.Arrays;

/// Writes heads in their one canonical form: single spaces, CRLF, one framing header. Pure.
final class HeadWriter {
    private static final int BYTES_MIN = 1 << 10;
    private static final String CRLF = "\r\n";

    private byte[] bytes = new byte[BYTES_MIN];
    private int length;

    private HeadWriter() {}

    static byte[] request(RequestHead head, Framing framing) {
        return new HeadWriter()
                .put(checked(head.method()))
                .put(" ")
                .put(checked(head.target()))
                .put(" HTTP/1.1\r\n")
                .put(head.headers(), true, true)
                .finish(framing);
    }

    static byte[] response(ResponseHead head, Framing framing) {
        // A response without body may still state the length its body would have had (HEAD, 304).
        boolean mayStateLength = framing instanceof Framing.None && head.status() >= 200 && head.status() != 204;
        return new HeadWriter()
                .put("HTTP/1.1 ")
                .put(Integer.toString(head.status()))
                .put(" ")
                .put(checked(head.reason()))
                .put(CRLF)
                .put(head.headers(), !mayStateLength, true)
                .finish(framing);
    }

    static byte[] fields(Headers headers) {
        return new HeadWriter().put(headers, false, false).written();
    }

    private byte[] finish(Framing framing) {
        switch (framing) {
            case Framing.Length(long body) ->
                put("Content-Length: ").put(Long.toString(body)).put(CRLF);
            case Framing.Chunked chunked -> put("Transfer-Encoding: chunked\r\n");
            case Framing.None none -> {}
            case Framing.UntilClose untilClose -> {}
        }
        return put(CRLF).written();
    }

    private HeadWriter put(Headers headers, boolean withoutLength, boolean withoutCoding) {
        for (var line : headers) {
            if ((withoutLength && line.is("Content-Length")) || (withoutCoding && line.is("Transfer-Encoding"))) {
                continue;
            }
            put(line.name()).put(": ").put(line.value()).put(CRLF);
        }
        return this;
    }

    /// Header lines are checked when they are made; the parts of a first line are not.
    private static String checked(String part) {
        if (!Ascii.isFieldValue(part)) {
            throw new IllegalArgumentException("a first line with \"" + part + "\" (expected: no control characters,"
                    + " and none that is more than a byte)");
        }
        return part;
    }

    /// Appends text whose characters are all bytes.
    @SuppressWarnings("deprecation") // drops the upper half of a character: there is none, and nothing else is as cheap
    private HeadWriter put(String text) {
        int end = length + text.length();
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        text.getBytes(0, text.length(), bytes, length);
        length = end;
        return this;
    }

    private byte[] written() {
        return Arrays.copyOf(bytes, length);
    }
}
