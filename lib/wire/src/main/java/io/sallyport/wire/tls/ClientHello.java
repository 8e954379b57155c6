package io.sallyport.wire.tls;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;

/// Reads the first message of a TLS client without taking part in the handshake. Pure.
///
/// The message may come in as many records, and they in as many pieces, as the client likes: whoever calls keeps
/// what came, and asks again with more until the answer is not [Parsed.Incomplete]. What two readers could
/// understand differently is no TLS.
///
/// - **Limits**: [#BYTES_MAX] from the first byte to the end of the message, [#RECORDS_MAX] records.
///
/// @spec https://www.rfc-editor.org/info/rfc8446 RFC 8446 §4.1.2, §5.1
/// @spec https://www.rfc-editor.org/info/rfc6066 RFC 6066 §3
public final class ClientHello {
    /// Within so many bytes the whole message must have come.
    public static final int BYTES_MAX = 64 << 10;

    private static final int RECORDS_MAX = 1_024;
    private static final int RECORD_HEAD_BYTES = 5;
    private static final int RECORD_BYTES_MAX = 16 << 10;
    private static final int MESSAGE_HEAD_BYTES = 4;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int MAJOR = 3;
    private static final int MINOR_MAX = 4;
    private static final int RANDOM_BYTES = 32;
    private static final int SESSION_ID_BYTES_MAX = 32;
    private static final int NAME_BYTES_MAX = 255;

    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    private ClientHello() {}

    /// What the bytes are.
    public sealed interface Parsed {
        /// A whole ClientHello.
        ///
        /// @param serverName as it was sent; printable ASCII
        record Hello(Optional<String> serverName) implements Parsed {}

        /// The beginning of one.
        record Incomplete() implements Parsed {}

        /// Neither.
        record NotTls(String reason) implements Parsed {}
    }

    private static final class NotTlsException extends Exception {
        private static final long serialVersionUID = 1L;

        NotTlsException(String reason) {
            super(reason, null, false, false);
        }
    }

    /// Looks at the first `length` bytes that a client sent.
    public static Parsed parse(byte[] bytes, int length) {
        return parse(bytes, 0, length);
    }

    public static Parsed parse(byte[] bytes, int offset, int length) {
        try {
            var message = message(bytes, offset, offset + Math.min(length, BYTES_MAX));
            if (message.isPresent()) {
                return hello(new Reader(message.get(), 0, message.get().length));
            }
            return length < BYTES_MAX
                    ? new Parsed.Incomplete()
                    : new Parsed.NotTls("a ClientHello of more than " + BYTES_MAX + " bytes");
        } catch (NotTlsException e) {
            return new Parsed.NotTls(String.valueOf(e.getMessage()));
        }
    }

    /// The message's body, put together from its records; empty while not all of it is there.
    private static Optional<byte[]> message(byte[] bytes, int from, int to) throws NotTlsException {
        int size = size(bytes, from, to);
        if (size < 0) {
            return Optional.empty();
        }
        var whole = new byte[size];
        int filled = 0;
        int at = from;
        while (filled < size) {
            int record = uint16(bytes, at + 3);
            System.arraycopy(bytes, at + RECORD_HEAD_BYTES, whole, filled, record);
            filled += record;
            at += RECORD_HEAD_BYTES + record;
        }
        return Optional.of(Arrays.copyOfRange(whole, MESSAGE_HEAD_BYTES, size));
    }

    /// How long the message with its head is, when it is there to its end; -1 when it is not. What is there is
    /// looked at as far as it goes, and nothing behind the message.
    private static int size(byte[] bytes, int from, int to) throws NotTlsException {
        int payload = 0;
        int head = 0; // the message's first four bytes, of which so many were seen:
        int seen = 0;
        int at = from;
        for (int records = 0; at < to; records++) {
            check(records < RECORDS_MAX, "a ClientHello in more than " + RECORDS_MAX + " records");
            checkRecord(bytes, at, to);
            if (to - at < RECORD_HEAD_BYTES) {
                return -1;
            }
            int record = uint16(bytes, at + 3);
            at += RECORD_HEAD_BYTES;
            for (int i = at; seen < MESSAGE_HEAD_BYTES && i < Math.min(to, at + record); i++, seen++) {
                head = (head << Byte.SIZE) | (bytes[i] & 0xff);
                check(seen > 0 || head == CLIENT_HELLO, "a handshake that does not start with a ClientHello");
            }
            at += record;
            payload += record;
            if (seen == MESSAGE_HEAD_BYTES) {
                int size = MESSAGE_HEAD_BYTES + (head & 0xffffff);
                check(size <= BYTES_MAX, "a ClientHello of more than " + BYTES_MAX + " bytes");
                check(payload <= size, "something behind the ClientHello in its record");
                if (payload == size) {
                    return at <= to ? size : -1;
                }
            }
        }
        return -1;
    }

    /// The head of a record, as far as it is there.
    private static void checkRecord(byte[] bytes, int at, int to) throws NotTlsException {
        int there = to - at;
        check(bytes[at] == HANDSHAKE, "the first bytes are no TLS handshake");
        check(there < 2 || bytes[at + 1] == MAJOR, "the first bytes are no TLS record");
        check(there < 3 || (bytes[at + 2] & 0xff) <= MINOR_MAX, "the first bytes are no TLS record");
        if (there >= RECORD_HEAD_BYTES) {
            int record = uint16(bytes, at + 3);
            check(record > 0 && record <= RECORD_BYTES_MAX, "a TLS record of " + record + " bytes");
        }
    }

    private static Parsed.Hello hello(Reader in) throws NotTlsException {
        check(in.uint8() == MAJOR, "a ClientHello of an unknown version");
        in.skip(1);
        in.skip(RANDOM_BYTES);
        check(in.part(in.uint8()).left() <= SESSION_ID_BYTES_MAX, "a session id of more than 32 bytes");
        int suites = in.part(in.uint16()).left();
        check(suites > 0 && suites % 2 == 0, "no list of cipher suites");
        var compressions = in.part(in.uint8());
        boolean none = false;
        while (compressions.left() > 0) {
            none |= compressions.uint8() == 0;
        }
        check(none, "compression is demanded");
        var found = new Extensions();
        if (in.left() > 0) { // SSL 3.0 and some of TLS 1.2 have none
            var extensions = in.part(in.uint16());
            in.end("bytes behind the extensions");
            while (extensions.left() > 0) {
                found.add(extensions.uint16(), extensions.part(extensions.uint16()));
            }
        }
        return new Parsed.Hello(found.serverName);
    }

    /// What is looked for in the extensions; all others may hold what they like.
    private static final class Extensions {
        private final HashSet<Integer> types = new HashSet<>();
        private Optional<String> serverName = Optional.empty();

        void add(int type, Reader content) throws NotTlsException {
            check(types.add(type), "extension " + type + " twice");
            if (type == SERVER_NAME) {
                serverName = Optional.of(serverName(content));
            }
        }

        private static String serverName(Reader content) throws NotTlsException {
            var names = content.part(content.uint16());
            content.end("bytes behind the server names");
            check(names.uint8() == HOST_NAME, "a server name that is no host name");
            var name = names.part(names.uint16());
            names.end("more than one server name");
            check(name.left() > 0 && name.left() <= NAME_BYTES_MAX, "a server name of " + name.left() + " bytes");
            var text = name.text();
            check(text.chars().allMatch(c -> c > ' ' && c < 0x7f), "a server name that is not printable ASCII");
            return text;
        }
    }

    /// Reads fields one after the other, and never beyond the end.
    private static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        int left() {
            return end - at;
        }

        int uint8() throws NotTlsException {
            skip(1);
            return bytes[at - 1] & 0xff;
        }

        int uint16() throws NotTlsException {
            skip(2);
            return ClientHello.uint16(bytes, at - 2);
        }

        void skip(int count) throws NotTlsException {
            check(count <= left(), "a ClientHello whose fields are longer than it is");
            at += count;
        }

        Reader part(int length) throws NotTlsException {
            skip(length);
            return new Reader(bytes, at - length, at);
        }

        void end(String otherwise) throws NotTlsException {
            check(left() == 0, otherwise);
        }

        String text() {
            return new String(bytes, at, left(), StandardCharsets.ISO_8859_1);
        }
    }

    private static int uint16(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << Byte.SIZE) | (bytes[at + 1] & 0xff);
    }

    private static void check(boolean fine, String otherwise) throws NotTlsException {
        if (!fine) {
            throw new NotTlsException(otherwise);
        }
    }
}
