package io.sallyport.egress.tunnel;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a client speaks, by its first bytes. Pure.
enum Sniff {
    TLS,
    HTTP,
    /// Neither.
    OTHER,
    /// What has come may still become HTTP.
    UNDECIDED;

    private static final int HANDSHAKE = 22;
    private static final List<String> METHODS =
            List.of("GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PRI ");

    static Sniff of(byte[] bytes, int length) {
        if (length == 0) {
            return UNDECIDED;
        }
        if (bytes[0] == HANDSHAKE) {
            return TLS;
        }
        var found = OTHER;
        for (var method : METHODS) {
            int common = Math.min(length, method.length());
            if (method.startsWith(new String(bytes, 0, common, StandardCharsets.ISO_8859_1))) {
                found = common == method.length() ? HTTP : UNDECIDED;
            }
        }
        return found;
    }
}
