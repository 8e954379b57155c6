package io.sallyport.gateway.seen;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Where in a distributed trace a request is. Pure but for the random numbers, which need not be secret.
///
/// @param traceId 32 hexadecimal digits, the client's where it sent some
/// @param spanId 16 hexadecimal digits, ours
/// @param flags two hexadecimal digits
/// @spec https://www.w3.org/TR/trace-context/ Trace Context
public record TraceContext(String traceId, String spanId, String flags) {
    private static final HexFormat HEX = HexFormat.of();
    private static final String VERSION = "00";
    private static final int LENGTH = 55;

    /// The context of a request, from its `traceparent` where that is valid.
    public static TraceContext of(Optional<String> traceparent) {
        var random = ThreadLocalRandom.current();
        var span = HEX.toHexDigits(random.nextLong() | 1);
        return traceparent
                .filter(TraceContext::isValid)
                .map(text -> new TraceContext(text.substring(3, 35), span, text.substring(53, 55)))
                .orElseGet(() -> new TraceContext(
                        HEX.toHexDigits(random.nextLong() | 1) + HEX.toHexDigits(random.nextLong()), span, "00"));
    }

    private static boolean isValid(String text) {
        if (text.length() != LENGTH
                || !text.startsWith(VERSION + "-")
                || text.charAt(35) != '-'
                || text.charAt(52) != '-') {
            return false;
        }
        for (int i = 3; i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (!hex && i != 35 && i != 52) {
                return false;
            }
        }
        return !text.startsWith("0".repeat(32), 3) && !text.startsWith("0".repeat(16), 36);
    }

    /// The header for the next hop.
    public String traceparent() {
        return VERSION + "-" + traceId + "-" + spanId + "-" + flags;
    }
}
