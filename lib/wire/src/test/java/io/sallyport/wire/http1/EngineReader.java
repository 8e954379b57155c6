package io.sallyport.wire.http1;

import io.sallyport.wire.testing.MemoryConnection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a connection to its end as [HttpServer] and a client do, and tells what was read.
///
/// - **Threads**: one at a time; the buffer for bodies is reused.
/// - **Errors**: whatever the engine throws besides [BadMessageException] and [EOFException] is its fault and
///   comes through.
final class EngineReader {
    private static final int BODY_BYTES_MIN = 1 << 10;

    private final HttpLimits limits;
    private byte[] body = new byte[BODY_BYTES_MIN];

    EngineReader(HttpLimits limits) {
        this.limits = limits;
    }

    /// Requests up to the end of the stream or to one behind which the connection closes.
    Reading requests(MemoryConnection connection) throws IOException {
        var input = new WireInput(connection, limits);
        return read(connection, input, () -> {
            var head = input.readRequest();
            return head == null ? null : new Head(Message.of(head), !head.keepsAlive());
        });
    }

    /// Interim responses, then the final one.
    ///
    /// @param method the method of the request that is answered
    Reading responses(MemoryConnection connection, String method) throws IOException {
        var input = new WireInput(connection, limits);
        return read(connection, input, () -> {
                    var head = input.readResponse();
                    return new Head(Message.of(head, method), !head.interim());
                })
                .withoutStatus();
    }

    private Reading read(MemoryConnection connection, WireInput input, Heads heads) throws IOException {
        var messages = new ArrayList<Message>();
        while (true) {
            @Nullable Head head;
            try {
                head = heads.next();
            } catch (BadMessageException e) {
                return new Reading(messages, Verdict.refuse(e.status()), 0);
            } catch (EOFException e) {
                return new Reading(messages, Verdict.REFUSE_EOF, 0);
            }
            if (head == null) {
                return new Reading(messages, Verdict.ACCEPT, 0);
            }
            var content = new BodyInput(input, head.message().framing());
            int length;
            try {
                length = readWhole(content);
            } catch (BadMessageException e) {
                requireBroken(content);
                return new Reading(messages, Verdict.CUT, 0);
            } catch (EOFException e) {
                requireBroken(content);
                return new Reading(messages, Verdict.CUT_EOF, 0);
            }
            var text = new String(body, 0, length, StandardCharsets.ISO_8859_1);
            messages.add(head.message().with(text, content.trailers()));
            if (head.last()) {
                return new Reading(messages, Verdict.ACCEPT, input.buffered() + connection.unread());
            }
        }
    }

    private int readWhole(BodyInput content) throws IOException {
        int length = 0;
        int n;
        while ((n = content.read(body, length, body.length - length)) >= 0) {
            length += n;
            if (length == body.length) {
                body = Arrays.copyOf(body, 2 * length);
            }
        }
        if (!content.ended()) {
            throw new AssertionError("a body was read to its end and has not ended");
        }
        return length;
    }

    /// Behind a broken body nobody can tell where the next message starts.
    private static void requireBroken(BodyInput content) {
        try {
            int n = content.read(new byte[1], 0, 1);
            throw new AssertionError("a broken body was read on: " + n);
        } catch (IOException e) {
            // As it must be.
        }
    }

    private interface Heads {
        /// The next head, or null at the end of the stream.
        @Nullable
        Head next() throws IOException;
    }

    /// A message still without body, and whether reading ends behind it.
    private record Head(Message message, boolean last) {}
}
