package io.sallyport.wire.http1;

import java.nio.charset.StandardCharsets;

/// Writes heads in their one canonical form: single spaces, CRLF, one framing header. Pure.
final class HeadWriter {
    private static final int TEXT_CHARS = 1024;

    private HeadWriter() {}

    static byte[] request(RequestHead head, Framing framing) {
        var text = new StringBuilder(TEXT_CHARS)
                .append(head.method())
                .append(' ')
                .append(head.target())
                .append(" HTTP/1.1\r\n");
        append(text, head.headers(), true, true);
        return finish(text, framing);
    }

    static byte[] response(ResponseHead head, Framing framing) {
        var text = new StringBuilder(TEXT_CHARS)
                .append("HTTP/1.1 ")
                .append(head.status())
                .append(' ')
                .append(head.reason())
                .append("\r\n");
        // A response without body may still state the length its body would have had (HEAD, 304).
        boolean mayStateLength = framing instanceof Framing.None && head.status() >= 200 && head.status() != 204;
        append(text, head.headers(), !mayStateLength, true);
        return finish(text, framing);
    }

    static byte[] fields(Headers headers) {
        var text = new StringBuilder();
        append(text, headers, false, false);
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] finish(StringBuilder text, Framing framing) {
        switch (framing) {
            case Framing.Length(long bytes) ->
                text.append("Content-Length: ").append(bytes).append("\r\n");
            case Framing.Chunked chunked -> text.append("Transfer-Encoding: chunked\r\n");
            case Framing.None none -> {}
            case Framing.UntilClose untilClose -> {}
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void append(StringBuilder text, Headers headers, boolean withoutLength, boolean withoutCoding) {
        for (var line : headers) {
            if ((withoutLength && line.is("Content-Length")) || (withoutCoding && line.is("Transfer-Encoding"))) {
                continue;
            }
            text.append(line.name()).append(": ").append(line.value()).append("\r\n");
        }
    }
}
