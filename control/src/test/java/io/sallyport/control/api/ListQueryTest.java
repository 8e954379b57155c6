package io.sallyport.control.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.control.store.SandboxStore.Position;
import io.sallyport.control.store.SandboxStore.Query;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListQueryTest {
    private static final UUID TEAM = UUID.randomUUID();

    @Test
    void withoutParametersListsEverythingNewestFirst() {
        var query = parse(Map.of());
        assertEquals(
                Set.of(SandboxState.RUNNING, SandboxState.PAUSING, SandboxState.PAUSED, SandboxState.RESUMING),
                query.states());
        assertEquals(100, query.limit());
        assertEquals(false, query.ascending());
    }

    @Test
    void decodesMetadataASecondTime() {
        // The server has decoded the query once: %2520 has become %20.
        assertEquals(
                Map.of("a b", "c&d=e", "x", ""),
                parse(Map.of("metadata", "a%20b=c%26d%3De&x=")).metadata());
    }

    @Test
    void tokensComeBackAsPositions() {
        var position = new Position(Instant.parse("2026-01-31T12:00:00.123456Z"), "cl-x");
        assertEquals(
                position, parse(Map.of("nextToken", ListQuery.token(position))).after());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state | stopped | state: stopped (expected: running, paused)",
                "order | up | order: up (expected: asc, desc)",
                "limit | 0 | limit: 0 (expected: 1-100)",
                "limit | 101 | limit: 101 (expected: 1-100)",
                "limit | x | limit: x (expected: 1-100)",
                "nextToken | !! | nextToken: not one of ours",
                "nextToken | YWJj | nextToken: not one of ours",
                "metadata | novalue | metadata: novalue (expected: key=value)",
                "metadata | a=%zz | metadata: %zz (expected: percent-encoded text)",
                "startedAfter | yesterday | startedAfter: yesterday (expected: a time like 2026-01-31T12:00:00Z)",
            })
    void namesWhatIsWrong(String name, String value, String message) {
        var refusal = assertThrows(ApiException.class, () -> parse(Map.of(name, value)));
        assertEquals(400, refusal.status());
        assertEquals(message, refusal.getMessage());
    }

    private static Query parse(Map<String, String> parameters) {
        return ListQuery.parse(TEAM, parameters::get);
    }
}
