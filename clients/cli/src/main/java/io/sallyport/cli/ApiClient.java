package io.sallyport.cli;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The platform's REST API. An answer that is an error ends the command with the platform's own sentence.
final class ApiClient {
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private final Settings settings;

    ApiClient(Settings settings) {
        this.settings = settings;
    }

    static ApiClient open() {
        return new ApiClient(Settings.load());
    }

    Settings settings() {
        return settings;
    }

    /// What a create request says.
    ///
    /// @param network null: as sandboxes are, open to everybody who knows an address
    record NewSandbox(
            String templateID,
            int timeout,
            Map<String, String> metadata,
            Map<String, String> envVars,
            @Nullable Network network) {}

    record Network(boolean allowPublicTraffic) {}

    /// What the commands need to know of a sandbox.
    record Sandbox(
            String sandboxID,
            String templateID,
            @Nullable String state,
            @Nullable String startedAt,
            @Nullable String endAt,
            int cpuCount,
            int memoryMB,
            @Nullable String domain,
            @Nullable String envdAccessToken) {
        /// Where a port of it is.
        String url(int port) {
            return "http://" + port + "-" + sandboxID + "." + domain;
        }
    }

    record Timeout(int timeout) {}

    record NewLink(int port, int seconds) {}

    /// A signed link, this once. Prints redacted.
    record MadeLink(String id, int port, String expiresAt, String url) {
        @Override
        public String toString() {
            return "MadeLink[id=" + id + ", port=" + port + ", expiresAt=" + expiresAt + ", url=set]";
        }
    }

    record LogLine(String timestamp, String line) {}

    record Logs(List<LogLine> logs) {}

    record Failure(int code, @Nullable String message) {}

    /// An answer that is no error.
    record Answer(int status, Headers headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        <T extends Record> T as(Class<T> type) {
            try {
                return RecordJson.read(body, type);
            } catch (JsonException e) {
                throw notUnderstood(e);
            }
        }

        <T extends Record> List<T> asList(Class<T> type) {
            try {
                return RecordJson.readList(body, type);
            } catch (JsonException e) {
                throw notUnderstood(e);
            }
        }

        private static CliException notUnderstood(JsonException e) {
            return new CliException(ExitCode.FAILED, "the platform's answer is not understood: " + e.getMessage());
        }
    }

    /// @param wanted as [SandboxOptions#toRequest] gives it
    Sandbox create(byte[] wanted) {
        return callJson("POST", "/v2/sandboxes", wanted).as(Sandbox.class);
    }

    Answer sandbox(String id) {
        return call("GET", "/sandboxes/" + checked(id), null);
    }

    /// Makes a link that opens one port to whoever has it.
    Answer share(String id, int port, int seconds) {
        return call("POST", linksPath(id), new NewLink(port, seconds));
    }

    static String linksPath(String id) {
        return "/sallyport/sandboxes/" + checked(id) + "/links";
    }

    /// Calls with an optional JSON body.
    Answer call(String method, String path, @Nullable Record body) {
        if (body != null) {
            return callJson(method, path, RecordJson.write(body));
        }
        var framing = method.equals("POST") ? new Framing.Length(0) : Framing.NONE;
        return call(method, path, Headers.EMPTY, framing, InputStream.nullInputStream());
    }

    /// Calls with a JSON body as it is.
    Answer callJson(String method, String path, byte[] json) {
        var headers = Headers.of("Content-Type", "application/json");
        return call(method, path, headers, new Framing.Length(json.length), new ByteArrayInputStream(json));
    }

    /// Calls with a body of any kind, streamed.
    Answer call(String method, String path, Headers extra, Framing framing, InputStream content) {
        var headers =
                Headers.of("Host", settings.url().getAuthority(), "X-API-Key", settings.key(), "Connection", "close");
        for (var header : extra) {
            headers = headers.with(header.name(), header.value());
        }
        try (var connection = Wire.dial(settings)) {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            // Not closed when the content breaks off: half of it must not look whole.
            var out = http.send(RequestHead.of(method, path, headers), framing);
            try {
                content.transferTo(out);
                out.close();
            } catch (IOException e) {
                // The platform may have answered and closed without reading all of it.
            }
            ResponseHead head = http.readHead();
            while (head.interim()) {
                head = http.readHead();
            }
            byte[] body = http.body(Framing.of(head, method)).readNBytes(ANSWER_BYTES_MAX);
            if (head.status() >= 300) {
                throw new CliException(ExitCode.REFUSED, failure(head.status(), body));
            }
            return new Answer(head.status(), head.headers(), body);
        } catch (IOException e) {
            throw Wire.unreachable(settings, String.valueOf(e.getMessage()));
        }
    }

    static String failure(int status, byte[] body) {
        try {
            return Objects.requireNonNullElse(
                    RecordJson.read(body, Failure.class).message(), "HTTP status " + status);
        } catch (JsonException e) {
            return "HTTP status " + status;
        }
    }

    /// Ids go into paths.
    static String checked(String id) {
        if (!id.matches("[A-Za-z0-9-]{1,64}")) {
            throw new CliException(ExitCode.USAGE, "sandbox id: " + id + " (expected: cl- and 25 of 0-9a-z)");
        }
        return id;
    }
}
