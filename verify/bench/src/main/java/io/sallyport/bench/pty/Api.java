package io.sallyport.bench.pty;

import io.sallyport.rpc.guest.GuestHeaders;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/// A platform's API, as far as the measurement needs it.
record Api(InetSocketAddress address, String key) {
    private static final Pattern ID = Pattern.compile("\"sandboxID\" *: *\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("\"envdAccessToken\" *: *\"([^\"]+)\"");
    private static final int DAEMON_PORT = 49_983;

    /// A sandbox and what opens it.
    record Sandbox(String id, String token) {
        Headers headers() {
            return Headers.of(
                    "Host",
                    "localhost",
                    GuestHeaders.SANDBOX_ID,
                    id,
                    GuestHeaders.SANDBOX_PORT,
                    Integer.toString(DAEMON_PORT),
                    GuestHeaders.ACCESS_TOKEN,
                    token,
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString("user:".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    Sandbox create() throws IOException {
        var made = call("POST", "/v2/sandboxes", "{\"templateID\":\"base\",\"timeout\":900}")
                .orThrow("creating a sandbox");
        return new Sandbox(found(ID, made), found(TOKEN, made));
    }

    private static String found(Pattern pattern, String text) throws IOException {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("creating a sandbox: " + text);
        }
        return matcher.group(1);
    }

    void killAll() throws IOException {
        var matcher = ID.matcher(call("GET", "/v2/sandboxes", "").body());
        while (matcher.find()) {
            call("DELETE", "/sandboxes/" + matcher.group(1), "");
        }
    }

    private Http.Answer call(String method, String target, String json) throws IOException {
        var headers = Headers.of(
                "Host", "localhost:" + address.getPort(), "X-API-Key", key, "Content-Type", "application/json");
        return Http.call(address, method, target, headers, json.getBytes(StandardCharsets.UTF_8));
    }

    Door door(Sandbox sandbox) {
        return new Door(address, sandbox.headers());
    }
}
