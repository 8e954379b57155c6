package io.sallyport.wire.http1;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Understands a complete head: the bytes up to and including the empty line. Pure.
///
/// Refuses, rather than repairs, whatever two parsers could read differently: bare LF or CR, obs-fold, space
/// before a colon, control characters, other than one space between the parts of a request line, missing or
/// repeated `Host`. Where the body ends is [Framing]'s business.
///
/// @spec https://www.rfc-editor.org/info/rfc9112 RFC 9112 §2–§5; reference/user-pains.md §5.3 (column "our
/// rule")
final class HeadParser {
    private static final int METHOD_CHARS_MAX = 32;

    private final byte[] bytes;
    private final int end;
    private final HttpLimits limits;
    private int at;

    private HeadParser(byte[] bytes, int from, int to, HttpLimits limits) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.limits = limits;
    }

    static RequestHead request(byte[] bytes, int from, int to, HttpLimits limits) throws BadMessageException {
        return new HeadParser(bytes, from, to, limits).request();
    }

    static ResponseHead response(byte[] bytes, int from, int to, HttpLimits limits) throws BadMessageException {
        return new HeadParser(bytes, from, to, limits).response();
    }

    /// The fields of a trailer section, which ends with an empty line as a head does.
    static Headers trailers(byte[] bytes, int from, int to, HttpLimits limits) throws BadMessageException {
        return new HeadParser(bytes, from, to, limits).headers();
    }

    private RequestHead request() throws BadMessageException {
        int lineEnd = lineEnd();
        if (lineEnd - at > limits.startLineBytesMax()) {
            throw new BadMessageException(
                    414, "the request line is longer than " + limits.startLineBytesMax() + " bytes");
        }
        var method = text(at, wordEnd(lineEnd));
        at += method.length() + 1;
        var target = text(at, wordEnd(lineEnd));
        at += target.length() + 1;
        var version = text(at, lineEnd);
        at = lineEnd + 2;

        if (!Ascii.isToken(method)) {
            throw bad("the method is not a token");
        }
        if (method.length() > METHOD_CHARS_MAX) {
            throw new BadMessageException(501, "the method is longer than " + METHOD_CHARS_MAX + " characters");
        }
        for (int i = 0; i < target.length(); i++) {
            if (!Ascii.isTargetChar(target.charAt(i))) {
                throw bad("the request target has a control character, a space or a fragment");
            }
        }
        var head = new RequestHead(method, target, version(version), headers());
        checkTarget(head);
        checkHost(head);
        return head;
    }

    private ResponseHead response() throws BadMessageException {
        int lineEnd = lineEnd();
        if (lineEnd - at > limits.startLineBytesMax()) {
            throw bad("the status line is longer than " + limits.startLineBytesMax() + " bytes");
        }
        // HTTP/1.1 SP 200 [SP reason]: the reason and, as many servers do, the space before it may be missing.
        if (lineEnd - at < 12 || bytes[at + 8] != ' ' || (lineEnd - at > 12 && bytes[at + 12] != ' ')) {
            throw bad("the status line is malformed");
        }
        var version = version(text(at, at + 8));
        int status = 0;
        for (int i = at + 9; i < at + 12; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw bad("the status is not three digits");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status > 599) {
            throw bad("status " + status + " (expected: 100-599)");
        }
        var reason = lineEnd - at > 13 ? text(at + 13, lineEnd) : "";
        if (!Ascii.isFieldValue(reason)) {
            throw bad("the reason phrase has a control character");
        }
        at = lineEnd + 2;
        return new ResponseHead(status, reason, version, headers());
    }

    private Headers headers() throws BadMessageException {
        var lines = new ArrayList<Header>();
        while (true) {
            int lineEnd = lineEnd();
            if (lineEnd == at) {
                at += 2;
                return lines.isEmpty() ? Headers.EMPTY : Headers.ofOwned(lines);
            }
            if (lines.size() == limits.headersMax()) {
                throw new BadMessageException(431, "more than " + limits.headersMax() + " header fields");
            }
            lines.add(header(lineEnd));
            at = lineEnd + 2;
        }
    }

    private Header header(int lineEnd) throws BadMessageException {
        int colon = at;
        while (colon < lineEnd && Ascii.isTokenChar(bytes[colon])) {
            colon++;
        }
        if (colon == at || colon == lineEnd || bytes[colon] != ':') {
            throw bad("a header line does not start with a name and a colon");
        }
        int from = colon + 1;
        int to = lineEnd;
        while (from < to && isBlank(bytes[from])) {
            from++;
        }
        while (to > from && isBlank(bytes[to - 1])) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (!Ascii.isFieldChar(bytes[i] & 0xff)) {
                throw bad("a header value has a control character");
            }
        }
        return Header.parsed(bytes, at, colon, from, to);
    }

    /// Where the line that starts at `at` ends. Every line ends with CRLF, and neither stands alone.
    private int lineEnd() throws BadMessageException {
        for (int i = at; i < end; i++) {
            if (bytes[i] == '\n') {
                throw bad("a line ends with a bare LF");
            }
            if (bytes[i] == '\r') {
                if (i + 1 < end && bytes[i + 1] == '\n') {
                    return i;
                }
                throw bad("a CR without LF");
            }
        }
        throw bad("the head is cut off");
    }

    private int wordEnd(int lineEnd) throws BadMessageException {
        for (int i = at; i < lineEnd; i++) {
            if (bytes[i] == ' ') {
                if (i == at) {
                    break;
                }
                return i;
            }
        }
        throw bad("the request line is not METHOD SP TARGET SP VERSION");
    }

    private static HttpVersion version(String text) throws BadMessageException {
        return switch (text) {
            case "HTTP/1.1" -> HttpVersion.HTTP_1_1;
            case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
            default -> {
                if (text.matches("HTTP/[0-9]\\.[0-9]")) {
                    throw new BadMessageException(505, "the version is neither HTTP/1.1 nor HTTP/1.0");
                }
                throw bad("the version is malformed");
            }
        };
    }

    private static void checkTarget(RequestHead head) throws BadMessageException {
        var target = head.target();
        boolean fits = switch (head.method()) {
            case "CONNECT" -> Authority.isDestination(target);
            case "OPTIONS" -> target.equals("*") || target.startsWith("/") || authority(target) != null;
            default -> target.startsWith("/") || authority(target) != null;
        };
        if (!fits) {
            throw bad("the request target is neither a path nor an http URL");
        }
    }

    private static void checkHost(RequestHead head) throws BadMessageException {
        var authority = authority(head.target());
        if (authority != null && !Authority.isHostAndPort(authority)) {
            throw bad("the host of the request target is not a host name");
        }
        List<String> hosts = head.headers().all("Host");
        if (hosts.size() > 1) {
            throw bad("more than one Host header");
        }
        if (hosts.isEmpty()) {
            if (head.version() == HttpVersion.HTTP_1_1) {
                throw bad("no Host header");
            }
            return;
        }
        var host = hosts.getFirst();
        if (!Authority.isHostAndPort(host)) {
            throw bad("the Host header is not a host name");
        }
        if (authority != null && !authority.equalsIgnoreCase(host)) {
            throw bad("the Host header and the host of the request target differ");
        }
    }

    /// The host and port of an absolute-form target; null for every other form.
    private static @Nullable String authority(String target) {
        int from;
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            from = 7;
        } else if (target.regionMatches(true, 0, "https://", 0, 8)) {
            from = 8;
        } else {
            return null;
        }
        int to = from;
        while (to < target.length() && target.charAt(to) != '/' && target.charAt(to) != '?') {
            to++;
        }
        return to == from ? null : target.substring(from, to);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static BadMessageException bad(String reason) {
        return new BadMessageException(400, reason);
    }
}
