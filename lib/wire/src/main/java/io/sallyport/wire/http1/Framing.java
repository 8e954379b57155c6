package io.sallyport.wire.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Where a body ends. Decided from the head alone, and never a guess. Pure.
///
/// @spec https://www.rfc-editor.org/info/rfc9112 RFC 9112 §6.3
public sealed interface Framing {
    /// There is no body.
    record None() implements Framing {}

    /// Exactly so many bytes.
    record Length(long bytes) implements Framing {
        public Length {
            if (bytes < 0) {
                throw new IllegalArgumentException("body length: " + bytes + " (expected: >= 0)");
            }
        }
    }

    /// Chunks, then trailers.
    record Chunked() implements Framing {}

    /// Until the sender ends its stream; responses only.
    record UntilClose() implements Framing {}

    Framing NONE = new None();
    Framing CHUNKED = new Chunked();
    Framing UNTIL_CLOSE = new UntilClose();

    /// Longest decimal number that surely fits a long.
    int LENGTH_DIGITS_MAX = 18;

    static Framing of(RequestHead request) throws BadMessageException {
        if (chunked(request.headers(), request.version())) {
            return CHUNKED;
        }
        long length = length(request.headers());
        return length >= 0 ? new Length(length) : NONE;
    }

    /// The framing of a response.
    ///
    /// @param requestMethod the method this answers: a response to HEAD has no body whatever it says, and
    /// behind a 2xx to CONNECT there is no HTTP
    static Framing of(ResponseHead response, String requestMethod) throws BadMessageException {
        int status = response.status();
        if (requestMethod.equals("CONNECT") && status >= 200 && status < 300) {
            return NONE;
        }
        boolean chunked = chunked(response.headers(), response.version());
        long length = length(response.headers());
        if (requestMethod.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return NONE;
        }
        if (chunked) {
            return CHUNKED;
        }
        return length >= 0 ? new Length(length) : UNTIL_CLOSE;
    }

    private static boolean chunked(Headers headers, HttpVersion version) throws BadMessageException {
        List<String> values = headers.all("Transfer-Encoding");
        if (values.isEmpty()) {
            return false;
        }
        if (version == HttpVersion.HTTP_1_0) {
            throw new BadMessageException(400, "Transfer-Encoding in an HTTP/1.0 message");
        }
        if (headers.has("Content-Length")) {
            throw new BadMessageException(400, "both Content-Length and Transfer-Encoding");
        }
        if (values.size() > 1 || !values.getFirst().equalsIgnoreCase("chunked")) {
            throw notUnderstood(String.join(",", values));
        }
        return true;
    }

    /// 501 where only codings before `chunked` are not understood; else nobody can tell where the body ends.
    private static BadMessageException notUnderstood(String list) {
        var codings = new ArrayList<String>();
        for (var coding : list.split(",", -1)) {
            codings.add(coding.strip().toLowerCase(Locale.ROOT));
        }
        return codings.indexOf("chunked") == codings.size() - 1 && !codings.contains("")
                ? new BadMessageException(501, "the only Transfer-Encoding understood is: chunked")
                : new BadMessageException(400, "Transfer-Encoding does not end with one: chunked");
    }

    /// The content length, or -1 where there is none.
    private static long length(Headers headers) throws BadMessageException {
        List<String> values = headers.all("Content-Length");
        if (values.isEmpty()) {
            return -1;
        }
        if (values.size() > 1) {
            throw new BadMessageException(400, "more than one Content-Length");
        }
        var digits = values.getFirst();
        if (digits.isEmpty()
                || digits.length() > LENGTH_DIGITS_MAX
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new BadMessageException(400, "Content-Length is not a number of 1 to 18 digits");
        }
        return Long.parseLong(digits);
    }
}
