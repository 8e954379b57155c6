package io.sallyport.wire.http1;

import java.nio.charset.StandardCharsets;

/// Writes heads in their one canonical form: single spaces, CRLF, one framing header. Pure.
final class HeadWriter {
    private HeadWriter() {}

    static byte[] request(RequestHead head, Framing framing) {
        var text = new StringBuilder(256)
                .append(head.method())
                .append(' ')
                .append(head.target())
                .append(" HTTP/1.1\r\n");
        return finish(text, head.headers().without(HeadWriter::isFraming), framing);
    }

    static byte[] response(ResponseHead head, Framing framing) {
        var text = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(head.status())
                .append(' ')
                .append(head.reason())
                .append("\r\n");
        // A response without body may still state the length its body would have had (HEAD, 304).
        boolean mayStateLength = framing instanceof Framing.None && head.status() >= 200 && head.status() != 204;
        var headers = mayStateLength
                ? head.headers().without("Transfer-Encoding")
                : head.headers().without(HeadWriter::isFraming);
        return finish(text, headers, framing);
    }

    static byte[] fields(Headers headers) {
        var text = new StringBuilder();
        append(text, headers);
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] finish(StringBuilder text, Headers headers, Framing framing) {
        append(text, headers);
        switch (framing) {
            case Framing.Length(long bytes) ->
                text.append("Content-Length: ").append(bytes).append("\r\n");
            case Framing.Chunked chunked -> text.append("Transfer-Encoding: chunked\r\n");
            case Framing.None none -> {}
            case Framing.UntilClose untilClose -> {}
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void append(StringBuilder text, Headers headers) {
        for (var line : headers) {
            text.append(line.name()).append(": ").append(line.value()).append("\r\n");
        }
    }

    private static boolean isFraming(Header line) {
        return line.is("Content-Length") || line.is("Transfer-Encoding");
    }
}
