package io.sallyport.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class ChoiceTest {
    private static final List<String> ALL = List.of("one", "two", "three");

    @Test
    void keepsTheOrderOfWhatThereIs() {
        assertEquals(List.of("one", "three"), Choice.of("--only", ALL, Function.identity(), List.of("three", "one")));
    }

    @Test
    void isAllWhereNothingIsWanted() {
        assertEquals(ALL, Choice.of("--only", ALL, Function.identity(), List.of()));
    }

    @Test
    void saysWhatThereIsInsteadOfAnUnknownName() {
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> Choice.of("--only", ALL, Function.identity(), List.of("one", "four")));
        assertEquals("--only: four (expected: one, two, three)", thrown.getMessage());
    }
}
