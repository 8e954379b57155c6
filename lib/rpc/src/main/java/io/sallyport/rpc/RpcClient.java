package io.sallyport.rpc;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.BodyInput;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Calls the methods of one server, each call on a connection of its own.
///
/// - **Threads**: any.
/// - **Errors**: [RpcException] when the server said so, [IOException] when it could not be reached or broke off.
public final class RpcClient {
    private static final int ANSWER_BYTES_MAX = Envelope.PAYLOAD_BYTES_MAX;

    private final Dialer dialer;
    private final Headers headers;

    /// Opens a connection to the server; the client closes it.
    public interface Dialer {
        Connection dial() throws IOException;
    }

    /// Receives the messages of a stream.
    public interface Receiver<R> {
        void receive(R response) throws IOException;
    }

    /// A client.
    ///
    /// @param headers sent with every call; must have `Host`
    public RpcClient(Dialer dialer, Headers headers) {
        this.dialer = dialer;
        this.headers = headers;
    }

    public <R extends Record> R unary(String path, Record request, Class<R> type) throws IOException, RpcException {
        byte[] json = RecordJson.write(request);
        try (var connection = dialer.dial()) {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            send(http, path, RpcServer.UNARY_TYPE, json);
            var head = finalHead(http);
            byte[] answer = http.body(Framing.of(head, "POST")).readNBytes(ANSWER_BYTES_MAX);
            if (head.status() != 200) {
                throw error(head, answer);
            }
            return parse(answer, type);
        }
    }

    /// Calls a streaming method and returns when the server ends the stream.
    public <R extends Record> void streaming(String path, Record request, Class<R> type, Receiver<R> receiver)
            throws IOException, RpcException {
        byte[] envelope = new Envelope(false, RecordJson.write(request)).toBytes();
        try (var connection = dialer.dial()) {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            send(http, path, RpcServer.STREAM_TYPE, envelope);
            var head = finalHead(http);
            BodyInput body = http.body(Framing.of(head, "POST"));
            if (head.status() != 200) {
                throw error(head, body.readNBytes(ANSWER_BYTES_MAX));
            }
            receive(body, type, receiver);
        }
    }

    private static <R extends Record> void receive(BodyInput body, Class<R> type, Receiver<R> receiver)
            throws IOException, RpcException {
        while (true) {
            var envelope = Envelope.read(body);
            if (!envelope.last()) {
                receiver.receive(parse(envelope.payload(), type));
                continue;
            }
            var error = parse(envelope.payload(), WireError.End.class).error();
            if (error != null) {
                throw error.toException();
            }
            return;
        }
    }

    private void send(HttpClient http, String path, String type, byte[] content) throws IOException {
        var all = headers.with("Content-Type", type).with("Connect-Protocol-Version", "1");
        try (var body = http.send(RequestHead.of("POST", path, all), new Framing.Length(content.length))) {
            body.write(content);
        }
    }

    private static ResponseHead finalHead(HttpClient http) throws IOException {
        ResponseHead head;
        do {
            head = http.readHead();
        } while (head.interim());
        return head;
    }

    /// A Connect error, or what stands in for it when somebody on the way answered instead.
    private static RpcException error(ResponseHead head, byte[] answer) {
        try {
            return RecordJson.read(answer, WireError.class).toException();
        } catch (JsonException notConnect) {
            var code = RpcCode.ofStatus(head.status());
            try {
                return new RpcException(
                        code, RecordJson.read(answer, ProxyError.class).message());
            } catch (JsonException e) {
                return new RpcException(code, "HTTP status " + head.status());
            }
        }
    }

    /// An error of somebody on the way, whose code is a number.
    record ProxyError(int code, String message) {
        ProxyError(int code, @Nullable String message) {
            this.code = code;
            this.message = Objects.requireNonNullElse(message, "HTTP status " + code);
        }
    }

    private static <R extends Record> R parse(byte[] json, Class<R> type) throws IOException {
        try {
            return RecordJson.read(json, type);
        } catch (JsonException e) {
            throw new EOFException("the answer is not understood: " + e.getMessage());
        }
    }
}
