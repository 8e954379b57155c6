package io.sallyport.cli;

import io.sallyport.rpc.RpcClient;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The door of one sandbox's guest daemon, through the gateway.
final class Guest {
    private final ApiClient api;
    private final Headers headers;

    /// A door.
    ///
    /// @param user who commands run as; null: the sandbox's default user
    Guest(ApiClient api, ApiClient.Sandbox sandbox, @Nullable String user) {
        this.api = api;
        var all = Headers.of(
                "Host",
                "localhost",
                GuestHeaders.SANDBOX_ID,
                sandbox.sandboxID(),
                GuestHeaders.SANDBOX_PORT,
                "49983",
                GuestHeaders.ACCESS_TOKEN,
                Objects.requireNonNullElse(sandbox.envdAccessToken(), ""));
        this.headers = user == null
                ? all
                : all.with(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((user + ":").getBytes(StandardCharsets.UTF_8)));
    }

    ApiClient api() {
        return api;
    }

    Headers headers() {
        return headers;
    }

    RpcClient rpc() {
        return new RpcClient(() -> Wire.dial(api.settings()), headers);
    }

    <R extends Record> R unary(String path, Record request, Class<R> type) {
        try {
            return rpc().unary(path, request, type);
        } catch (RpcException e) {
            throw refused(e);
        } catch (IOException e) {
            throw Wire.unreachable(api.settings(), String.valueOf(e.getMessage()));
        }
    }

    static CliException refused(RpcException e) {
        return new CliException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
}
