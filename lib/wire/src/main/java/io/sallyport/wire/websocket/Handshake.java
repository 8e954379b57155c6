package io.sallyport.wire.websocket;

import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.websocket.WebSocket.Side;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// The HTTP exchange in front of a WebSocket.
///
/// @spec https://www.rfc-editor.org/info/rfc6455 RFC 6455 §4
public final class Handshake {
    private static final String KEY = "Sec-WebSocket-Key";
    private static final String ACCEPT = "Sec-WebSocket-Accept";
    private static final String VERSION = "Sec-WebSocket-Version";

    /// The header with sub-protocols: all that the client speaks, and the one that the server chose.
    public static final String PROTOCOL = "Sec-WebSocket-Protocol";

    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    private static final String VERSION_13 = "13";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int SWITCHING = 101;

    private Handshake() {}

    /// Whether a request asks for a WebSocket, rightly or not.
    public static boolean isAsked(RequestHead request) {
        return request.headers().lists("Upgrade", "websocket")
                && request.headers().lists("Connection", "upgrade");
    }

    /// Answers a request that asks for a WebSocket: with 101, or with a refusal and nothing.
    public static Optional<WebSocket> accept(Exchange exchange, int messageBytesMax) throws IOException {
        return accept(exchange, "", messageBytesMax);
    }

    /// The same, saying which of the sub-protocols that were offered is spoken; empty: none.
    public static Optional<WebSocket> accept(Exchange exchange, String protocol, int messageBytesMax)
            throws IOException {
        var request = exchange.request();
        var key = request.headers().first(KEY);
        if (!request.method().equals("GET") || key.isEmpty() || !isKey(key.get())) {
            exchange.refuse(400, "no WebSocket handshake: GET with " + KEY + " of 16 bytes in base64 is expected");
            return Optional.empty();
        }
        if (!request.headers().first(VERSION).orElse("").equals(VERSION_13)) {
            exchange.respond(426, Headers.of(VERSION, VERSION_13), new byte[0]);
            return Optional.empty();
        }
        var answer = Headers.of("Upgrade", "websocket", "Connection", "Upgrade", ACCEPT, acceptOf(key.get()));
        if (!protocol.isEmpty()) {
            answer = answer.with(PROTOCOL, protocol);
        }
        var connection = exchange.takeOver(ResponseHead.of(SWITCHING, answer));
        return Optional.of(new WebSocket(connection, Side.SERVER, messageBytesMax, protocol));
    }

    /// What came of asking for a WebSocket.
    public sealed interface Asked {
        record Opened(WebSocket socket) implements Asked {}

        /// The server answered with something else, whose body is still to be read.
        record Refused(ResponseHead head) implements Asked {}
    }

    /// Asks for a WebSocket.
    ///
    /// @param headers with `Host`, and [#PROTOCOL] where sub-protocols are offered; the handshake's own are added
    public static Asked ask(HttpClient http, String target, Headers headers, int messageBytesMax) throws IOException {
        var random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        var key = Base64.getEncoder().encodeToString(random);
        var all = headers.with("Connection", "Upgrade")
                .with("Upgrade", "websocket")
                .with(VERSION, VERSION_13)
                .with(KEY, key);
        http.send(RequestHead.of("GET", target, all), Framing.NONE).close();
        ResponseHead head;
        do {
            head = http.readHead();
        } while (head.interim());
        if (head.status() != SWITCHING) {
            return new Asked.Refused(head);
        }
        if (!head.headers().first(ACCEPT).orElse("").equals(acceptOf(key))) {
            throw new IOException("the answer to the WebSocket handshake is not to ours");
        }
        if (head.headers().has(EXTENSIONS)) {
            throw new IOException("the answer to the WebSocket handshake has extensions that nobody asked for");
        }
        var protocol = head.headers().first(PROTOCOL).orElse("");
        if (!protocol.isEmpty() && !headers.lists(PROTOCOL, protocol)) {
            throw new IOException("the answer to the WebSocket handshake has a sub-protocol that nobody asked for");
        }
        return new Asked.Opened(new WebSocket(http.takeOver(), Side.CLIENT, messageBytesMax, protocol));
    }

    /// Whether an answer with 101 agrees to the WebSocket that the request asked for.
    public static boolean isAgreed(RequestHead request, ResponseHead answer) {
        var key = request.headers().first(KEY).orElse("");
        var accepts = answer.headers().all(ACCEPT);
        return answer.status() == SWITCHING
                && isKey(key)
                && answer.headers().lists("Upgrade", "websocket")
                && accepts.size() == 1
                && accepts.getFirst().equals(acceptOf(key));
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String acceptOf(String key) {
        try {
            var hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
