package io.sallyport.testbed;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Commands of the DevTools protocol to one tab of a browser, and their results.
///
/// - **Threads**: any.
/// - **Limits**: [#WAIT_SECONDS] for a result.
///
/// @spec https://chromedevtools.github.io/devtools-protocol/ Chrome DevTools Protocol
final class DevTools implements WebSocket.Listener {
    private static final int WAIT_SECONDS = 60;

    private final ConcurrentHashMap<Integer, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final AtomicInteger sockets = new AtomicInteger();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    DevTools(HttpClient http, String url) {
        socket = http.newWebSocketBuilder().buildAsync(URI.create(url), this).join();
    }

    /// What a command may answer; each has its own members.
    record Result(
            @Nullable Remote result,
            @Nullable Thrown exceptionDetails,
            @Nullable String errorText,
            byte @Nullable [] data) {
        private static final Result NOTHING = new Result(null, null, null, null);
    }

    /// A value of the page; an exception has a description.
    record Remote(@Nullable String value, @Nullable String description) {}

    record Thrown(@Nullable Remote exception) {}

    /// An answer, or an event where `id` is 0.
    record Message(
            int id,
            @Nullable String method,
            @Nullable Result result,
            @Nullable Failure error) {}

    record Failure(@Nullable String message) {}

    private record Command(int id, String method, Record params) {}

    /// Sends a command and waits for its result.
    Result call(String method, Record params) {
        int id = last.incrementAndGet();
        var answer = new CompletableFuture<Message>();
        waiting.put(id, answer);
        var command = new String(RecordJson.write(new Command(id, method, params)), StandardCharsets.UTF_8);
        socket.sendText(command, true).join();
        var message = answer.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
        if (message.error() != null) {
            throw new IllegalStateException(method + ": " + message.error().message());
        }
        return message.result() == null ? Result.NOTHING : message.result();
    }

    /// How many WebSockets the tab has opened since `Network.enable`.
    int sockets() {
        return sockets.get();
    }

    void close() {
        socket.abort();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean whole) {
        text.append(part);
        if (whole) {
            receive(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void receive(String json) {
        try {
            var message = RecordJson.read(json.getBytes(StandardCharsets.UTF_8), Message.class);
            var answered = waiting.remove(message.id());
            if (answered != null) {
                answered.complete(message);
            } else if ("Network.webSocketHandshakeResponseReceived".equals(message.method())) {
                sockets.incrementAndGet();
            }
        } catch (JsonException e) {
            throw new IllegalStateException(json, e);
        }
    }
}
