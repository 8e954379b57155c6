package io.sallyport.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Client and server over a real socket, and the server against what other clients put on the wire.
final class RpcTest {
    record Question(int number) {}

    record Answer(int number) {}

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        var rpc = new RpcServer();
        rpc.unary("/test.Test/Double", Question.class, (call, question) -> {
            if (question.number() < 0) {
                throw new RpcException(RpcCode.OUT_OF_RANGE, "number: " + question.number() + " (expected: >= 0)");
            }
            return new Answer(2 * question.number());
        });
        rpc.streaming("/test.Test/Count", Question.class, (call, question, answers) -> {
            for (int i = 1; i <= question.number(); i++) {
                answers.send(new Answer(i));
            }
            if (call.timeout().equals(Optional.of(Duration.ofMillis(7)))) {
                throw new RpcException(RpcCode.DEADLINE_EXCEEDED, "7 ms");
            }
        });
        server = HttpServer.start(
                List.of(Loopback.v4(0)),
                HttpServer.Config.DEFAULT,
                Thread.ofVirtual().factory(),
                exchange -> {
                    if (!rpc.handle(exchange)) {
                        exchange.refuse(404, "no such method");
                    }
                });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private RpcClient client(Headers headers) {
        return new RpcClient(() -> SocketConnection.of(SocketChannel.open(server.address())), headers);
    }

    private RpcClient client() {
        return client(Headers.of("Host", "test"));
    }

    @Test
    void answersOneMessageWithOne() throws Exception {
        assertEquals(new Answer(42), client().unary("/test.Test/Double", new Question(21), Answer.class));
    }

    @Test
    void answersOneMessageWithMany() throws Exception {
        var answers = new ArrayList<Answer>();
        client().streaming("/test.Test/Count", new Question(3), Answer.class, answers::add);
        assertEquals(List.of(new Answer(1), new Answer(2), new Answer(3)), answers);
    }

    @Test
    void tellsTheCallerWhatWasWrong() {
        var unary = assertThrows(
                RpcException.class, () -> client().unary("/test.Test/Double", new Question(-1), Answer.class));
        assertEquals(RpcCode.OUT_OF_RANGE, unary.code());
        assertEquals("number: -1 (expected: >= 0)", unary.getMessage());
        var headers = Headers.of("Host", "test", "Connect-Timeout-Ms", "7");
        var answers = new ArrayList<Answer>();
        var stream = assertThrows(
                RpcException.class,
                () -> client(headers).streaming("/test.Test/Count", new Question(2), Answer.class, answers::add));
        assertEquals(RpcCode.DEADLINE_EXCEEDED, stream.code());
        assertEquals(2, answers.size());
    }

    @Test
    void mapsAnAnswerThatIsNotOurs() {
        var refusal = assertThrows(
                RpcException.class, () -> client().unary("/test.Test/Nothing", new Question(1), Answer.class));
        assertEquals(RpcCode.UNIMPLEMENTED, refusal.code());
    }

    @Test
    void answersTheBytesOtherClientsSend() throws IOException {
        var unary = raw("POST /test.Test/Double HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nc\r\n{\"number\":4}\r\n0\r\n\r\n");
        assertTrue(unary.startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"), unary);
        assertTrue(unary.endsWith("{\"number\":8}"), unary);

        var stream = raw("POST /test.Test/Count HTTP/1.1\r\nHost: t\r\nContent-Type: application/connect+json\r\n"
                + "Content-Length: 17\r\nConnection: close\r\n\r\n\0\0\0\0\f{\"number\":1}");
        assertTrue(stream.contains("\r\nContent-Type: application/connect+json\r\n"), stream);
        assertTrue(stream.endsWith("\r\n\0\0\0\0\f{\"number\":1}\r\n7\r\n\002\0\0\0\002{}\r\n0\r\n\r\n"), stream);
    }

    @Test
    void refusesBrokenEnvelopes() throws IOException {
        for (var body : List.of("\001\0\0\0\002{}", "\0\177\377\377\377", "\0\0\0\0\005{", "\0\0\0\0\002[]")) {
            var answer = raw("POST /test.Test/Count HTTP/1.1\r\nHost: t\r\nContent-Type: application/connect+json\r\n"
                    + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);
            assertTrue(answer.contains("{\"error\":{\"code\":\""), answer);
        }
    }

    @Test
    void refusesOtherContentTypesAndMethods() throws IOException {
        assertTrue(raw("POST /test.Test/Count HTTP/1.1\r\nHost: t\r\nContent-Type: application/grpc\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 415 "));
        assertTrue(raw("GET /test.Test/Double HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 405 "));
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(server.address());
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
