package io.sallyport.control.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.api.Messages.NetworkUpdate;
import io.sallyport.control.api.Messages.NewSandboxBody;
import io.sallyport.rpc.egress.EgressPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EgressWishesTest {
    private static final String RULES =
            "{\"rules\":{\"a.example\":[{\"transform\":{\"headers\":{\"x-key\":\"%s\"}}}]}}";

    private final EgressWishes wishes = new EgressWishes(EgressPolicy.OPEN, List.of());

    @Test
    void aHeadersValueIsNotAmongWhatIsShownAgain() {
        var wish = wishes.of(Json.read(RULES.formatted("hush ${e2b.secrets.A}"), NetworkUpdate.class));
        assertEquals(
                "hush ${e2b.secrets.A}",
                wish.policy().transforms().getFirst().headers().get("x-key"));
        var network = String.valueOf(wish.network());
        assertFalse(network.contains("hush"), network);
        assertTrue(network.contains("***${e2b.secrets.A}"), network);
    }

    @Test
    void aNewSandboxHasNothingThatAMaskCouldStandFor() {
        for (var body : new String[] {
            "{\"network\":" + RULES.formatted("***") + "}",
            "{\"egress\":{\"mode\":\"open\",\"transforms\":[{\"host\":\"a.example\",\"headers\":{\"x-key\":\"***\"}}]}}"
        }) {
            var e = assertThrows(ApiException.class, () -> wishes.of(Json.read(body, NewSandboxBody.class)));
            assertTrue(String.valueOf(e.getMessage()).startsWith("header x-key for a.example: ***"), e.toString());
        }
    }
}
