package io.sallyport.guest.terminal;

import io.sallyport.guest.process.Processes;
import io.sallyport.guest.process.RunningTerminal;
import io.sallyport.guest.pty.Output;
import io.sallyport.guest.pty.Output.From;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.websocket.Handshake;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// `GET /terminals/ID`: attaches a viewer to a terminal over a WebSocket.
///
/// - **Threads**: that of the connection receives, and one sends.
public final class TerminalEndpoint {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Processes processes;
    private final Map<String, Attachments> attachments = new ConcurrentHashMap<>();

    public TerminalEndpoint(Processes processes) {
        this.processes = processes;
    }

    public void handle(Exchange exchange) throws IOException {
        var request = exchange.request();
        var id = request.path().substring(TerminalApi.ATTACH.length());
        var found = processes.terminal(id);
        if (found.isEmpty()) {
            exchange.refuse(404, "no such terminal: " + id);
            return;
        }
        if (!Handshake.isAsked(request)) {
            exchange.refuse(426, "a WebSocket is expected here");
            return;
        }
        var since = parameter(exchange, TerminalApi.SINCE);
        var written = found.get().terminal().output().written();
        if (since.isPresent() && (!NUMBER.matcher(since.get()).matches() || Long.parseLong(since.get()) > written)) {
            exchange.refuse(400, "since: " + since.get() + " (expected: a number, at most " + written + ")");
            return;
        }
        boolean readOnly = parameter(exchange, TerminalApi.READ_ONLY).orElse("").equals("true");
        attach(
                exchange,
                found.get(),
                since.map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty()),
                readOnly);
    }

    private void attach(Exchange exchange, RunningTerminal process, OptionalLong since, boolean readOnly)
            throws IOException {
        var socket = Handshake.accept(exchange, TerminalApi.MESSAGE_BYTES_MAX);
        if (socket.isEmpty()) {
            return;
        }
        Output output = process.terminal().output();
        var viewer =
                since.isPresent() ? output.view(since.getAsLong(), !readOnly) : output.view(From.OLDEST, !readOnly);
        var others = attachments.computeIfAbsent(process.id(), id -> new Attachments());
        new Attachment(socket.get(), process, viewer, readOnly, others).run();
        attachments.computeIfPresent(process.id(), (id, left) -> left.isEmpty() ? null : left);
    }

    /// Tells every viewer that the sandbox ends.
    public void farewell() {
        attachments.values().forEach(Attachments::farewell);
    }

    private static Optional<String> parameter(Exchange exchange, String name) {
        int query = exchange.request().target().indexOf('?');
        if (query < 0) {
            return Optional.empty();
        }
        for (var pair : exchange.request().target().substring(query + 1).split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(pair.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }
}
