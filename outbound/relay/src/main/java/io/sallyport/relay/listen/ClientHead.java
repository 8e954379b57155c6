package io.sallyport.relay.listen;

import io.sallyport.relay.RelayReason;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.http1.Ascii;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The first bytes of a program's connection, and what they ask for.
///
/// - **Limits**: a head of [EgressApi#HEAD_BYTES_MAX] with its empty line; what came with it is at most
///   [#READ_BYTES] more.
///
/// Source: reference/egress.md §1.5, §4.1.
final class ClientHead {
    private static final int READ_BYTES = 4 << 10;
    private static final Pattern LINE = Pattern.compile("([^ ]+) ([!-~]+) HTTP/1\\.[01]");
    private static final List<String> ONCE = List.of("Host", "Proxy-Authorization", EgressApi.TRACE);
    private static final List<String> NO_BODY = List.of("Content-Length", "Transfer-Encoding");

    private ClientHead() {}

    /// What a program asks for.
    sealed interface Asked {
        /// A tunnel.
        ///
        /// @param rest what the program sent behind the head
        record Connect(Destination to, Optional<String> trace, byte[] rest) implements Asked {}

        /// A request in plain HTTP, of which so much has been read.
        record Plain(byte[] bytes) implements Asked {}

        /// Something of the relay itself.
        record Own(String method, String target, Fields fields) implements Asked {}

        /// Nothing that is answered with anything else.
        record Wrong(EgressRefusal refusal) implements Asked {}

        /// Nothing: it went away.
        record Gone() implements Asked {}
    }

    /// The header fields.
    record Fields(List<String[]> lines) {
        List<String> all(String name) {
            return lines.stream()
                    .filter(line -> line[0].equalsIgnoreCase(name))
                    .map(line -> line[1])
                    .toList();
        }

        Optional<String> first(String name) {
            return all(name).stream().findFirst();
        }
    }

    /// Reads until it is known; bounded by the connection's deadline.
    static Asked read(Connection from) throws IOException {
        var bytes = new byte[READ_BYTES];
        int length = 0;
        while (true) {
            int searched = Math.max(0, length - 3);
            int n = from.read(bytes, length, bytes.length - length);
            if (n < 0) {
                return new Asked.Gone();
            }
            length += n;
            if (isPlain(bytes, length)) {
                return new Asked.Plain(Arrays.copyOf(bytes, length));
            }
            int end = headEnd(bytes, searched, Math.min(length, EgressApi.HEAD_BYTES_MAX));
            if (end > 0) {
                return parse(bytes, end, length);
            }
            if (length >= EgressApi.HEAD_BYTES_MAX) {
                return bad("the head is longer than " + EgressApi.HEAD_BYTES_MAX + " bytes");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, length + READ_BYTES);
            }
        }
    }

    /// Where the head ends, however its lines end, so that one with bare LFs is refused and not waited for.
    private static int headEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                boolean bare = i + 1 < to && bytes[i + 1] == '\n';
                boolean full = i + 2 < to && bytes[i + 1] == '\r' && bytes[i + 2] == '\n';
                if (bare || full) {
                    return i + (bare ? 2 : 3);
                }
            }
        }
        return 0;
    }

    /// Whether it is certain that somebody asks for `http://…`: then others read on, with limits of their own.
    private static boolean isPlain(byte[] bytes, int length) {
        int space = 0;
        while (space < length && bytes[space] > ' ') {
            space++;
        }
        var scheme = "http://";
        if (length - space <= scheme.length() || bytes[space] != ' ' || space == 0) {
            return false;
        }
        var method = new String(bytes, 0, space, StandardCharsets.ISO_8859_1);
        var target = new String(bytes, space + 1, scheme.length(), StandardCharsets.ISO_8859_1);
        return !method.equals("CONNECT") && target.equalsIgnoreCase(scheme);
    }

    private static Asked parse(byte[] bytes, int end, int length) {
        var text = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lineEnd = (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n')
                    || (c == '\n' && i > 0 && text.charAt(i - 1) == '\r');
            if (!lineEnd && ((c < ' ' && c != '\t') || c >= 0x7f)) {
                return bad("the head has a control character, a bare line end, or a byte that is not ASCII");
            }
        }
        var lines = text.substring(0, text.length() - 4).split("\r\n", -1);
        var line = LINE.matcher(lines[0]);
        if (!line.matches() || !Ascii.isToken(line.group(1))) {
            return notConnect();
        }
        var fields = fields(lines);
        if (fields.isEmpty()) {
            return bad("a header line does not start with a name and a colon");
        }
        var method = line.group(1);
        var target = line.group(2);
        if (!method.equals("CONNECT")) {
            return target.startsWith("/") ? new Asked.Own(method, target, fields.get()) : notConnect();
        }
        return connect(target, fields.get(), Arrays.copyOfRange(bytes, end, length));
    }

    private static Asked connect(String target, Fields fields, byte[] rest) {
        for (var name : ONCE) {
            if (fields.all(name).size() > 1) {
                return bad("more than one " + name.toLowerCase(Locale.ROOT) + " header");
            }
        }
        for (var name : NO_BODY) {
            if (fields.first(name).isPresent()) {
                return bad("CONNECT has no body");
            }
        }
        var to = Destination.parseAuthority(target);
        if (to.isEmpty()) {
            return new Asked.Wrong(EgressRefusal.of(EgressReason.BAD_TARGET));
        }
        return new Asked.Connect(to.get(), fields.first(EgressApi.TRACE), rest);
    }

    private static Optional<Fields> fields(String[] lines) {
        var fields = new ArrayList<String[]>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0 || !Ascii.isToken(lines[i].substring(0, colon))) {
                return Optional.empty();
            }
            fields.add(new String[] {
                lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()
            });
        }
        return Optional.of(new Fields(List.copyOf(fields)));
    }

    private static Asked.Wrong bad(String message) {
        return new Asked.Wrong(EgressRefusal.of(EgressReason.BAD_REQUEST).because(message));
    }

    private static Asked.Wrong notConnect() {
        return new Asked.Wrong(RelayReason.NOT_CONNECT.refusal());
    }
}
