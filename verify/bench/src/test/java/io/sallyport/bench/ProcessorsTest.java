package io.sallyport.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessorsTest {
    @Test
    void readsRangesAndSingleProcessors() {
        assertEquals(List.of(0, 1, 2, 3, 6), Processors.parse("0-3,6"));
    }
}
