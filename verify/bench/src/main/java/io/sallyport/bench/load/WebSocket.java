package io.sallyport.bench.load;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The part of the protocol that an echo of one size needs: whole binary messages of [#PAYLOAD_BYTES].
///
/// @spec https://www.rfc-editor.org/info/rfc6455 RFC 6455 §4.2.2, §5.2
final class WebSocket {
    static final int PAYLOAD_BYTES = 100;
    static final int HEADER_BYTES = 2;
    static final int MASK_BYTES = 4;
    static final byte BINARY = (byte) 0x82;
    static final byte MASKED = (byte) 0x80;

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocket() {}

    /// The value of `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`.
    static String accept(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(Head.ascii(key + ACCEPT_SUFFIX));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
