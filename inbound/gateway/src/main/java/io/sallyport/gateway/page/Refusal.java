package io.sallyport.gateway.page;

import io.sallyport.gateway.host.Destination;
import io.sallyport.kit.Port;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// Answers for the app with a [Refused]: JSON for programs, a page for a person's browser.
///
/// E2B's dialect knows 502 for whatever cannot be reached and 403 for a token that is missing or wrong. Source:
/// reference/sandbox-api.md §4.3.
public final class Refusal {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String RETRY_AFTER_SECONDS = "1";

    private Refusal() {}

    /// Sends the answer; the request's body is not needed any more.
    ///
    /// @param requestId what the log calls this request
    public static void answer(Exchange client, Destination destination, Refused refused, String requestId)
            throws IOException {
        int status = status(destination, refused);
        boolean html = navigates(client.request());
        var headers = headers(client.request(), refused.outcome(), html);
        var text = html
                ? HtmlPage.of(status, sentence(destination, refused), refused, requestId)
                : json(status, destination, refused, requestId);
        client.respond(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    /// The JSON for a request that could not be read at all.
    public static byte[] badMessage(int status, String reason, String requestId) {
        return json(status, reason, "null", "", Outcome.BAD_MESSAGE, "", requestId)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// The JSON for a connection that is not served at all.
    public static byte[] overLimit(Outcome outcome, String limit, String requestId) {
        return json(outcome.status(), outcome.sentence() + " " + limit, "null", "", outcome, "", requestId)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// A person looks at what comes: a browser says so, and whoever asks for HTML before anything else does
    /// too.
    public static boolean navigates(RequestHead request) {
        var mode = request.headers().first("Sec-Fetch-Mode");
        if (mode.isPresent()) {
            return mode.get().equals("navigate");
        }
        var accepts = request.headers().list("Accept");
        return !accepts.isEmpty() && accepts.getFirst().startsWith("text/html");
    }

    private static Headers headers(RequestHead request, Outcome outcome, boolean html) {
        var headers = new Headers.Builder(List.of())
                .add("Content-Type", html ? HTML : JSON)
                .add("Cache-Control", "no-store");
        if (html) {
            headers.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        }
        if (outcome.retryable()) {
            headers.add("Retry-After", RETRY_AFTER_SECONDS);
        }
        if (outcome == Outcome.NO_ACCESS) {
            headers.add("WWW-Authenticate", "Sallyport");
        }
        // A script must be able to read why it was refused, whatever its page's origin.
        request.headers()
                .first("Origin")
                .ifPresent(origin -> headers.add("Access-Control-Allow-Origin", origin)
                        .add("Access-Control-Allow-Credentials", "true")
                        .add("Vary", "Origin"));
        return headers.build();
    }

    private static boolean speaksE2b(Destination destination) {
        return destination instanceof Destination.Sandbox to
                && (to.dialect() == Dialect.E2B || to.port().equals(Port.GUEST));
    }

    private static int status(Destination destination, Refused refused) {
        if (!speaksE2b(destination)) {
            return refused.outcome().status();
        }
        return switch (refused.outcome()) {
            case UNKNOWN_SANDBOX, NOT_RUNNING, NOT_LISTENING, BOUND_ELSEWHERE, APP_EXITED, APP_BROKE -> 502;
            case NO_ACCESS -> 403;
            default -> refused.outcome().status();
        };
    }

    private static String sentence(Destination destination, Refused refused) {
        if (!speaksE2b(destination)) {
            return refused.sentence();
        }
        return switch (refused.outcome()) {
            case UNKNOWN_SANDBOX, NOT_RUNNING -> "The sandbox was not found";
            case NOT_LISTENING, BOUND_ELSEWHERE, APP_EXITED, APP_BROKE -> "The sandbox is running but port is not open";
            default -> refused.sentence();
        };
    }

    private static String json(int status, Destination destination, Refused refused, String requestId) {
        var sandbox = destination instanceof Destination.Sandbox to ? "\"" + to.id() + "\"" : "null";
        var port = destination instanceof Destination.Sandbox to ? ",\"port\":" + to.port() : "";
        var listening = refused.listening().isEmpty() || speaksE2b(destination)
                ? ""
                : ",\"listening\":"
                        + refused.listening().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        return json(status, sentence(destination, refused), sandbox, port, refused.outcome(), listening, requestId);
    }

    /// Every value is one of ours or has been checked to hold no quote: nothing needs escaping.
    private static String json(
            int status,
            String message,
            String sandbox,
            String port,
            Outcome outcome,
            String listening,
            String requestId) {
        return "{\"code\":" + status + ",\"message\":\"" + message + "\",\"sandboxId\":" + sandbox + port
                + ",\"reason\":\"" + outcome.id() + "\"" + listening + ",\"requestId\":\"" + requestId + "\"}";
    }
}
