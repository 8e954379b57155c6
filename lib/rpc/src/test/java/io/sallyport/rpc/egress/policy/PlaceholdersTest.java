package io.sallyport.rpc.egress.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaceholdersTest {
    private static final Map<String, String> SECRETS = Map.of("A", "1", "b.c-d_E", "${e2b.secrets.A}", "empty", "");

    @Test
    void findsEachNameOnceInItsOrder() throws Exception {
        var names = Placeholders.names("x ${e2b.secrets.b}${e2b.secrets.A} ${e2b.secrets.b} $ { } $$");
        assertEquals(List.of("b", "A"), List.copyOf(names));
        assertEquals(List.of(), List.copyOf(Placeholders.names("Bearer plain")));
    }

    @Test
    void fillsInAndDoesNotLookAgain() throws Exception {
        assertEquals(Optional.of("Bearer 1!"), fill("Bearer ${e2b.secrets.A}!"));
        assertEquals(Optional.of("${e2b.secrets.A}1"), fill("${e2b.secrets.b.c-d_E}${e2b.secrets.A}"));
        assertEquals(Optional.of("<>"), fill("<${e2b.secrets.empty}>"));
        assertEquals(Optional.of("plain"), fill("plain"));
    }

    @Test
    void fillsNothingWhereOneIsUnknown() throws Exception {
        assertEquals(Optional.empty(), fill("${e2b.secrets.A} ${e2b.secrets.unknown}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${", "${}", "${e2b.secrets.}", "${e2b.secrets.A", "${e2b.secrets.A B}",
                        "${e2b.secrets.${e2b.secrets.A}}",
                "${E2B.secrets.A}", "${ e2b.secrets.A}", "${e2b.secret.A}", "${e2b.identity.tokens.A}", "x${y",
                        "${e2b.secrets.é}",
                "${e2b.secrets.A} ${"
            })
    void refusesWhatWouldBeSentAsItStands(String value) {
        assertThrows(PolicyException.class, () -> Placeholders.names(value));
        assertThrows(PolicyException.class, () -> fill(value));
    }

    @Test
    void aNameHasAtMost64Characters() throws Exception {
        assertTrue(Placeholders.isName("a".repeat(64)));
        assertFalse(Placeholders.isName("a".repeat(65)));
        assertFalse(Placeholders.isName(""));
        assertEquals(
                1, Placeholders.names("${e2b.secrets." + "a".repeat(64) + "}").size());
        assertThrows(PolicyException.class, () -> Placeholders.names("${e2b.secrets." + "a".repeat(65) + "}"));
    }

    private static Optional<String> fill(String value) throws PolicyException {
        return Placeholders.fill(value, name -> Optional.ofNullable(SECRETS.get(name)));
    }
}
