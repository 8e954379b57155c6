package io.sallyport.wire.http1;

import io.sallyport.wire.http1.IndependentParser.Field;
import io.sallyport.wire.http1.IndependentParser.RejectedException;
import io.sallyport.wire.http1.IndependentParser.Request;
import io.sallyport.wire.testing.MemoryConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Compares what the engine has read with what [IndependentParser] reads: from the same bytes, and from
/// the bytes that the engine sends on.
final class Differential {
    private Differential() {}

    /// Fails unless the other reader understands the same requests.
    ///
    /// @param input what the engine has read; it may have stopped before the end
    static void check(byte[] input, Reading reading) throws IOException, RejectedException {
        var original = new IndependentParser(input);
        for (var message : reading.messages()) {
            requireSame(message, original.next(), "as it came");
            var sent = withHost(message);
            var forwarded = IndependentParser.parse(forwarded(sent));
            if (forwarded.size() != 1) {
                throw new AssertionError(sent + " was sent on as " + forwarded);
            }
            requireSame(sent, forwarded.getFirst(), "as it was sent on");
        }
    }

    /// HTTP/1.0 may come without Host, and goes on as HTTP/1.1, which may not.
    private static Message withHost(Message message) {
        return message.headers().has("Host")
                ? message
                : message.withHeaders(message.headers().with("Host", ""));
    }

    /// The bytes that the next hop gets when nothing is added and nothing is dropped.
    private static byte[] forwarded(Message message) throws IOException {
        int space = message.start().indexOf(' ');
        var head = RequestHead.of(
                message.start().substring(0, space), message.start().substring(space + 1), message.headers());
        var connection = new MemoryConnection(new byte[0], 0, 1);
        try (var out = new HttpClient(connection, HttpLimits.DEFAULT).send(head, message.framing())) {
            out.write(message.body().getBytes(StandardCharsets.ISO_8859_1));
            out.close(message.trailers());
        }
        return connection.written();
    }

    private static void requireSame(Message message, Request other, String where) {
        boolean same = message.start().equals(other.method() + " " + other.target())
                && unframed(fields(message.headers())).equals(unframed(other.fields()))
                && message.body().equals(other.body())
                && fields(message.trailers()).equals(other.trailers());
        if (!same) {
            throw new AssertionError(message + " is to another reader, " + where + ", " + other);
        }
    }

    private static List<Field> fields(Headers headers) {
        var fields = new ArrayList<Field>();
        for (var line : headers) {
            fields.add(new Field(line.name(), line.value()));
        }
        return fields;
    }

    /// Without the fields that every hop writes anew.
    private static List<Field> unframed(List<Field> fields) {
        var unframed = new ArrayList<>(fields);
        unframed.removeIf(field ->
                field.name().equalsIgnoreCase("Content-Length") || field.name().equalsIgnoreCase("Transfer-Encoding"));
        return unframed;
    }
}
