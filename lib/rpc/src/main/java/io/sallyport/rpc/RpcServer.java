package io.sallyport.rpc;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.BodyOutput;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.ResponseHead;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The methods of a program's services, by path: `/process.Process/Start`.
///
/// - **Threads**: a method runs on its connection's thread. Methods are added before the first request.
/// - **Limits**: a request of at most [Envelope#PAYLOAD_BYTES_MAX] bytes.
/// - **Errors**: an [RpcException] is the caller's answer; in a stream it is the envelope that ends it.
public final class RpcServer {
    static final String UNARY_TYPE = "application/json";
    static final String STREAM_TYPE = "application/connect+json";

    private final Map<String, Method> methods = new HashMap<>();

    /// What a call carries beside its message.
    ///
    /// @param timeout how long the caller gives it, from `Connect-Timeout-Ms`
    public record Call(Headers headers, Optional<Duration> timeout) {}

    /// Answers one message with one.
    public interface Unary<Q, R> {
        R call(Call call, Q request) throws RpcException;
    }

    /// Answers one message with many.
    public interface Streaming<Q, R> {
        void call(Call call, Q request, Sink<R> responses) throws RpcException, IOException;
    }

    /// Where the messages of a stream go; each is sent at once. An [IOException] means that the caller is gone.
    public interface Sink<R> {
        void send(R response) throws IOException;
    }

    private interface Method {
        void serve(Exchange exchange, Call call) throws IOException;
    }

    public <Q extends Record, R extends Record> void unary(String path, Class<Q> type, Unary<Q, R> method) {
        methods.put(path, (exchange, call) -> {
            byte[] answer;
            try {
                requireType(exchange, UNARY_TYPE);
                exchange.sendContinue();
                answer = RecordJson.write(method.call(call, parse(readAll(exchange), type)));
            } catch (RpcException e) {
                respond(exchange, e.code().status(), RecordJson.write(WireError.of(e)));
                return;
            }
            respond(exchange, 200, answer);
        });
    }

    public <Q extends Record, R extends Record> void streaming(String path, Class<Q> type, Streaming<Q, R> method) {
        methods.put(path, (exchange, call) -> {
            if (!STREAM_TYPE.equals(contentType(exchange))) {
                exchange.respond(415, Headers.of("Accept-Post", STREAM_TYPE), new byte[0]);
                return;
            }
            exchange.sendContinue();
            var head = ResponseHead.of(200, Headers.of("Content-Type", STREAM_TYPE));
            try (BodyOutput body = exchange.respond(head, Framing.CHUNKED)) {
                var end = new WireError.End(null);
                try {
                    Q request = parse(readOne(exchange), type);
                    method.call(
                            call,
                            request,
                            response -> body.write(new Envelope(false, RecordJson.write(response)).toBytes()));
                } catch (RpcException e) {
                    end = new WireError.End(WireError.of(e));
                }
                body.write(new Envelope(true, RecordJson.write(end)).toBytes());
            }
        });
    }

    /// Serves the request if it is for one of the methods; false when it is not.
    public boolean handle(Exchange exchange) throws IOException {
        var method = methods.get(exchange.request().path());
        if (method == null) {
            return false;
        }
        if (!exchange.request().method().equals("POST")) {
            exchange.respond(405, Headers.of("Allow", "POST"), new byte[0]);
            return true;
        }
        method.serve(exchange, new Call(exchange.request().headers(), timeout(exchange)));
        return true;
    }

    private static Optional<Duration> timeout(Exchange exchange) {
        return exchange.request()
                .headers()
                .first("Connect-Timeout-Ms")
                .filter(text -> text.matches("[0-9]{1,10}"))
                .map(Long::parseLong)
                .filter(ms -> ms > 0)
                .map(Duration::ofMillis);
    }

    private static void requireType(Exchange exchange, String expected) throws RpcException {
        var given = contentType(exchange);
        if (!expected.equals(given)) {
            throw new RpcException(
                    RpcCode.INVALID_ARGUMENT, "content type: " + given + " (expected: " + expected + ")");
        }
    }

    private static String contentType(Exchange exchange) {
        var type = exchange.request().headers().first("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        return parameters < 0 ? type : type.substring(0, parameters).strip();
    }

    private static byte[] readAll(Exchange exchange) throws IOException, RpcException {
        byte[] bytes = exchange.requestBody().readNBytes(Envelope.PAYLOAD_BYTES_MAX + 1);
        if (bytes.length > Envelope.PAYLOAD_BYTES_MAX) {
            exchange.closeAfter();
            throw new RpcException(
                    RpcCode.RESOURCE_EXHAUSTED, "the request is longer than " + Envelope.PAYLOAD_BYTES_MAX + " bytes");
        }
        return bytes;
    }

    private static byte[] readOne(Exchange exchange) throws IOException, RpcException {
        try {
            return Envelope.read(exchange.requestBody()).payload();
        } catch (EOFException e) {
            throw new RpcException(RpcCode.INVALID_ARGUMENT, "the request has no message");
        }
    }

    private static <Q extends Record> Q parse(byte[] json, Class<Q> type) throws RpcException {
        try {
            return RecordJson.read(json, type);
        } catch (JsonException e) {
            throw new RpcException(RpcCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
    }

    private static void respond(Exchange exchange, int status, byte[] json) throws IOException {
        exchange.respond(status, Headers.of("Content-Type", UNARY_TYPE), json);
    }
}
