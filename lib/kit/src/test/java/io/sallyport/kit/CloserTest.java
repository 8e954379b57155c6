package io.sallyport.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CloserTest {
    private final List<String> closed = new ArrayList<>();

    @Test
    void closesLastFirstAndGoesOnAfterAFailure() {
        var closer = new Closer();
        closer.register(() -> closed.add("first"));
        closer.register(() -> {
            throw new IllegalStateException("second");
        });
        closer.register(() -> closed.add("third"));
        assertEquals(
                "second",
                assertThrows(IllegalStateException.class, closer::close).getMessage());
        assertEquals(List.of("third", "first"), closed);
    }

    @Test
    void closesAtOnceWhatComesTooLate() {
        var closer = new Closer();
        closer.close();
        closer.register(() -> closed.add("late"));
        assertEquals(List.of("late"), closed);
    }
}
