package io.sallyport.egress.tunnel;

import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Destination;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a tunnel begins with: a CONNECT with where it leads and whose it is. Pure.
///
/// - **Limits**: [EgressApi#HEAD_BYTES_MAX] with the empty line.
/// - **Refuses** whatever two readers could understand differently: a bare CR or LF, a folded line, a control
/// character,
///   anything but one space in the first line, a header that counts and stands there twice, a body.
///
/// @param scheme `https`, `http` or `tcp`; empty where the client did not say
/// @param trace W3C's `traceparent`; empty where there is none that is well formed
/// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §9.3.6; reference/egress.md §4.1
public record ConnectHead(
        Destination destination, Optional<String> scheme, String trace, Optional<Credentials> credentials) {
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Set<String> SCHEMES = Set.of("https", "http", "tcp");
    private static final Set<String> ONCE =
            Set.of("host", "proxy-authorization", "traceparent", EgressApi.SCHEME.toLowerCase(Locale.ROOT));
    private static final Set<String> BODY = Set.of("content-length", "transfer-encoding", "trailer", "upgrade");
    private static final String BASIC = "basic ";
    private static final String TOKEN_CHARS = "!#$%&'*+-.^_`|~";

    /// Who a tunnel says it is of.
    public record Credentials(String user, String token) {
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    /// What bytes are.
    public sealed interface Parsed {
        /// A head that is all there.
        ///
        /// @param length of the head; what follows is the tunnel's
        record Whole(ConnectHead head, int length) implements Parsed {}

        /// The empty line has not come yet, and there is room for it.
        record Incomplete() implements Parsed {}

        /// What is no head, and will not become one.
        ///
        /// @param what is wrong; with a bad target, the target as it came
        record Bad(EgressReason reason, String what) implements Parsed {}
    }

    /// Reads the first `length` bytes of a tunnel.
    public static Parsed parse(byte[] bytes, int length) {
        int end = end(bytes, Math.min(length, EgressApi.HEAD_BYTES_MAX));
        if (end < 0) {
            return length >= EgressApi.HEAD_BYTES_MAX
                    ? bad("the head is longer than " + EgressApi.HEAD_BYTES_MAX + " bytes")
                    : new Parsed.Incomplete();
        }
        for (int i = 0; i < end; i++) {
            boolean lineEnd = bytes[i] == '\r' && bytes[i + 1] == '\n';
            if (lineEnd) {
                i++;
            } else if (bytes[i] != '\t' && (bytes[i] < ' ' || bytes[i] == 0x7f)) { // negative: not ASCII
                return bad("the head has a byte that is no visible character");
            }
        }
        var lines = new String(bytes, 0, end - 4, StandardCharsets.US_ASCII).split("\r\n", -1);
        return parse(lines, end);
    }

    private static Parsed parse(String[] lines, int length) {
        var words = lines[0].split(" ", -1);
        if (words.length != 3 || !words[0].equals("CONNECT")) {
            return bad("a tunnel begins with CONNECT host:port HTTP/1.1");
        }
        if (!words[2].equals("HTTP/1.1") && !words[2].equals("HTTP/1.0")) {
            return bad("the version is neither HTTP/1.1 nor HTTP/1.0");
        }
        var destination = Destination.parseAuthority(words[1]);
        if (destination.isEmpty()) {
            return new Parsed.Bad(EgressReason.BAD_TARGET, words[1]);
        }
        var headers = new HashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            var problem = header(lines[i], headers);
            if (!problem.isEmpty()) {
                return bad(problem);
            }
        }
        return whole(destination.get(), headers, length);
    }

    /// Adds a line to the headers that count, and says what is wrong with it.
    private static String header(String line, Map<String, String> headers) {
        int colon = line.indexOf(':');
        if (colon <= 0 || !isToken(line, colon)) {
            return "a header line does not start with a name and a colon";
        }
        var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        if (BODY.contains(name)) {
            return "a CONNECT has no body and is no upgrade";
        }
        if (ONCE.contains(name) && headers.put(name, line.substring(colon + 1).strip()) != null) {
            return "more than one " + name;
        }
        return "";
    }

    private static Parsed whole(Destination destination, Map<String, String> headers, int length) {
        var host = headers.get("host");
        if (host != null && !Destination.parseAuthority(host).equals(Optional.of(destination))) {
            return bad("Host is not the target");
        }
        var scheme = Optional.ofNullable(headers.get(EgressApi.SCHEME.toLowerCase(Locale.ROOT)));
        if (scheme.isPresent() && !SCHEMES.contains(scheme.get())) {
            return bad("the scheme is none of https, http, tcp");
        }
        var trace = headers.getOrDefault(EgressApi.TRACE, "");
        var head = new ConnectHead(
                destination,
                scheme,
                TRACE.matcher(trace).matches() ? trace : "",
                basic(headers.getOrDefault("proxy-authorization", "")));
        return new Parsed.Whole(head, length);
    }

    private static Optional<Credentials> basic(String value) {
        if (!value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            var text = new String(
                    Base64.getDecoder().decode(value.substring(BASIC.length())), StandardCharsets.ISO_8859_1);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Where the empty line ends; -1 where there is none.
    private static int end(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static boolean isToken(String line, int length) {
        for (int i = 0; i < length; i++) {
            char c = line.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && TOKEN_CHARS.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static Parsed bad(String what) {
        return new Parsed.Bad(EgressReason.BAD_REQUEST, what);
    }
}
