package io.sallyport.cli;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.Empty;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.terminal.CreateRequest;
import io.sallyport.rpc.terminal.ListResponse;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.websocket.Handshake;
import io.sallyport.wire.websocket.WebSocket;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/// The terminals of one sandbox.
///
/// - **Errors**: [CliException] when the platform or the sandbox says no.
final class Terminals {
    private static final Duration HANDSHAKE_WAIT = Duration.ofSeconds(10);
    private static final int REFUSAL_BYTES_MAX = 64 << 10;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;
    private static final int BAD_GATEWAY = 502;

    private final Guest guest;

    Terminals(Guest guest) {
        this.guest = guest;
    }

    List<TerminalInfo> list() {
        return guest.unary(TerminalApi.LIST, new Empty(), ListResponse.class).terminals();
    }

    TerminalInfo create(CreateRequest request) {
        try {
            return guest.rpc().unary(TerminalApi.CREATE, request, TerminalInfo.class);
        } catch (RpcException e) {
            throw e.code() == RpcCode.INVALID_ARGUMENT
                    ? new CliException(ExitCode.CANNOT_RUN, String.valueOf(e.getMessage()))
                    : Guest.refused(e);
        } catch (IOException e) {
            throw Wire.unreachable(guest.api().settings(), String.valueOf(e.getMessage()));
        }
    }

    /// The one whose id this is, or begins so.
    static TerminalInfo find(List<TerminalInfo> terminals, String given) {
        var matching = terminals.stream()
                .filter(terminal -> terminal.id().startsWith(given))
                .toList();
        var exact = matching.stream()
                .filter(terminal -> terminal.id().equals(given))
                .findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        if (matching.size() == 1 && !given.isEmpty()) {
            return matching.getFirst();
        }
        var ids = (matching.isEmpty() ? terminals : matching)
                .stream().map(TerminalInfo::id).toList();
        throw new CliException(
                ExitCode.USAGE,
                "terminal: " + given
                        + (ids.isEmpty()
                                ? " (the sandbox has none; open one with: sallyport shell ID)"
                                : " (expected: one of " + String.join(", ", ids) + ")"));
    }

    /// Attaches to a terminal.
    ///
    /// @param since the number of the first byte of output wanted; empty: the oldest one that is kept
    /// @throws IOException when another attempt may succeed
    WebSocket attach(String id, OptionalLong since, boolean readOnly) throws IOException {
        var settings = guest.api().settings();
        var target = TerminalApi.ATTACH + URLEncoder.encode(id, StandardCharsets.UTF_8) + "?" + TerminalApi.READ_ONLY
                + "=" + readOnly;
        if (since.isPresent()) {
            target += "&" + TerminalApi.SINCE + "=" + since.getAsLong();
        }
        var connection = Wire.connect(settings);
        boolean opened = false;
        try {
            connection.deadline(Deadline.after(HANDSHAKE_WAIT));
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            switch (Handshake.ask(http, target, guest.headers(), TerminalApi.MESSAGE_BYTES_MAX)) {
                case Handshake.Asked.Opened(WebSocket socket) -> {
                    opened = true;
                    return socket;
                }
                case Handshake.Asked.Refused(ResponseHead head) -> {
                    byte[] body = http.body(Framing.of(head, "GET")).readNBytes(REFUSAL_BYTES_MAX);
                    throw refusal(head.status(), body);
                }
            }
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    /// What a refusal means: either for good, or that it may be otherwise in a moment.
    private static IOException refusal(int status, byte[] body) {
        var message = ApiClient.failure(status, body);
        boolean said = !message.equals("HTTP status " + status);
        boolean client = status < SERVER_ERRORS && status != REQUEST_TIMEOUT && status != TOO_MANY_REQUESTS;
        if (client || (status == BAD_GATEWAY && said)) {
            throw new CliException(ExitCode.REFUSED, message);
        }
        return new IOException(message);
    }
}
