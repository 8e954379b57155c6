package io.sallyport.gateway.forward;

import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.page.Refusal;
import io.sallyport.gateway.page.Refused;
import io.sallyport.gateway.seen.Passage;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.proxy.Relay;
import java.io.IOException;

/// The end of a passage: a refusal of ours, or how a relay ended.
final class Ending {
    private Ending() {}

    static void refuse(Exchange client, Passage passage, Refused refused) throws IOException {
        passage.end(refused.outcome(), refused.outcome().status(), 0, 0);
        Refusal.answer(client, passage.destination(), refused, passage.requestId());
    }

    static void of(Passage passage, Relay.Ended ended, int status, Relay relay) {
        var outcome = switch (ended) {
            case WHOLE -> Outcome.ANSWERED;
            case APP_CUT -> Outcome.APP_CUT;
            case CLIENT_CUT -> Outcome.CLIENT_CUT;
            case TUNNEL -> Outcome.TUNNEL;
        };
        passage.end(outcome, status, relay.requestBytes(), relay.responseBytes());
    }

    static Outcome of(Relay.Failure failure) {
        return switch (failure) {
            case BAD_REQUEST_BODY -> Outcome.BAD_REQUEST_BODY;
            case SLOW -> Outcome.APP_SLOW;
            case MALFORMED -> Outcome.APP_MALFORMED;
            case BROKE -> Outcome.APP_BROKE;
        };
    }
}
