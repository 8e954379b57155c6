package io.sallyport.rpc.egress.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

final class RequestPathTest {
    private static final long SEED = 4_949;
    private static final int INPUTS = 200_000;
    private static final String[] PIECES = {
        "/", "/", "/a", "a", ".", "..", "%", "2e", "%2e", "%2f", "%61", "%25", "%5c", ";", "\\", "%c3%a9", "%ff", "?",
        "é", "\0"
    };

    @ParameterizedTest
    @CsvFileSource(resources = "paths.csv", delimiter = '|')
    void hasOneFormOrNone(String target, @Nullable String form) {
        assertEquals(Optional.ofNullable(form), RequestPath.canonical(target));
    }

    @Test
    void aFormIsItsOwnFormAndMeansOnePlaceToOthers() {
        var random = new Random(SEED);
        int read = 0;
        for (int i = 0; i < INPUTS; i++) {
            var target = new StringBuilder("/");
            for (int pieces = random.nextInt(8); pieces > 0; pieces--) {
                target.append(PIECES[random.nextInt(PIECES.length)]);
            }
            var form = RequestPath.canonical(target.toString());
            if (form.isPresent()) {
                read++;
                assertEquals(form, RequestPath.canonical(form.get()));
                var decoded =
                        "/" + URI.create("http://a" + form.get()).getPath().substring(1);
                assertFalse(decoded.contains("//") || decoded.contains("\\") || decoded.contains(";"), decoded);
                assertTrue(
                        decoded.equals(
                                URI.create("http://a" + form.get()).normalize().getPath()),
                        decoded);
            }
        }
        assertTrue(read > INPUTS / 20, read + " read");
    }
}
