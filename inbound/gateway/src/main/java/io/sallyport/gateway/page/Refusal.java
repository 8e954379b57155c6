package io.sallyport.gateway.page;

import io.sallyport.gateway.host.Destination;
import io.sallyport.kit.Port;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The answer for an [Outcome].
///
/// On the guest daemon's port it speaks as E2B's proxy does, because E2B's clients read it: 502 for whatever cannot be
/// reached. Source: reference/sandbox-api.md §4.3.
public final class Refusal {
    private Refusal() {}

    /// Answers; the request's body is not needed any more.
    public static void answer(Exchange client, Destination destination, Outcome outcome) throws IOException {
        answer(client, destination, outcome, outcome.sentence());
    }

    /// Answers with a sentence of its own.
    public static void answer(Exchange client, Destination destination, Outcome outcome, String sentence)
            throws IOException {
        var answer = switch (destination) {
            case Destination.Sandbox to when to.port().equals(Port.GUEST) -> e2b(to, outcome, sentence);
            case Destination.Sandbox to ->
                json(outcome.status(), sentence, outcome, to.id().text());
            case Destination.Control control -> json(outcome.status(), sentence, outcome, "");
            case Destination.Nowhere nowhere -> json(outcome.status(), sentence, outcome, "");
        };
        client.respond(
                answer.status(),
                Headers.of("Content-Type", "application/json", "Cache-Control", "no-store"),
                answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private record Answer(int status, String body) {}

    private static Answer e2b(Destination.Sandbox to, Outcome outcome, String sentence) {
        return switch (outcome) {
            case UNKNOWN_SANDBOX, NOT_RUNNING ->
                json(502, "The sandbox was not found", outcome, to.id().text());
            case NOT_LISTENING, APP_BROKE ->
                json(
                        502,
                        "The sandbox is running but port is not open",
                        outcome,
                        to.id().text());
            default -> json(outcome.status(), sentence, outcome, to.id().text());
        };
    }

    /// Every value is one of ours or has been checked to hold no quote: nothing needs escaping.
    private static Answer json(int status, String message, Outcome outcome, String sandboxId) {
        var sandbox = sandboxId.isEmpty() ? "" : "\"sandboxId\":\"" + sandboxId + "\",";
        return new Answer(
                status,
                "{\"code\":" + status + ",\"message\":\"" + message + "\"," + sandbox + "\"reason\":\"" + outcome.id()
                        + "\"}");
    }
}
