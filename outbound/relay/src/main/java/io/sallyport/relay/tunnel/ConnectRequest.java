package io.sallyport.relay.tunnel;

import io.sallyport.rpc.egress.EgressApi;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// The first bytes of every tunnel: what is asked for, and on whose behalf. Pure.
///
/// Source: reference/egress.md §1.4.
final class ConnectRequest {
    /// The scheme that need not be said.
    private static final String DEFAULT_SCHEME = "https";

    /// @spec https://www.w3.org/TR/trace-context/ W3C Trace Context §3.2
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private ConnectRequest() {}

    /// The bytes, which hold the token: whoever has sent them overwrites them.
    ///
    /// @param authority `host:port`, canonical
    /// @param trace dropped where it is no `traceparent`
    /// @param token overwritten
    static byte[] bytes(String authority, String scheme, Optional<String> trace, String sandboxId, byte[] token) {
        var head = new StringBuilder("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
        if (!scheme.isEmpty() && !scheme.equals(DEFAULT_SCHEME)) {
            head.append(EgressApi.SCHEME).append(": ").append(scheme).append("\r\n");
        }
        trace.filter(text -> TRACEPARENT.matcher(text).matches())
                .ifPresent(text ->
                        head.append(EgressApi.TRACE).append(": ").append(text).append("\r\n"));
        head.append("Proxy-Authorization: Basic ");

        var user = (sandboxId + ":").getBytes(StandardCharsets.US_ASCII);
        var plain = ByteBuffer.allocate(user.length + token.length)
                .put(user)
                .put(token)
                .array();
        var basic = Base64.getEncoder().encode(plain);
        Arrays.fill(plain, (byte) 0);
        Arrays.fill(token, (byte) 0);

        var front = head.toString().getBytes(StandardCharsets.US_ASCII);
        var end = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var whole = ByteBuffer.allocate(front.length + basic.length + end.length)
                .put(front)
                .put(basic)
                .put(end)
                .array();
        Arrays.fill(basic, (byte) 0);
        return whole;
    }
}
