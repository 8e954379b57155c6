package io.sallyport.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FigureTableTest {
    private static final Map<String, Double> FIGURES = Map.of("get.ours.ms", 3.0, "get.peer.ms", 2.0);

    @Test
    void dividesTheFirstByTheSecond() {
        var table = FigureTable.of(FIGURES, List.of("get"), List.of("ours", "peer"), List.of("ours", "peer"));
        var rows = table.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
        assertEquals(List.of("get ours peer ours/peer", "ms 3.00 2.00 1.50"), rows);
    }

    @Test
    void hasNoRatioWithoutBoth() {
        var table = FigureTable.of(FIGURES, List.of("get"), List.of("ours"), List.of("ours", "peer"));
        assertFalse(table.contains("/"), table);
    }

    @Test
    void showsWhatIsMissing() {
        var table = FigureTable.of(Map.of("get.ours.ms", 3.0), List.of("get"), List.of("ours", "peer"));
        assertEquals(
                "ms 3.00 –",
                table.lines().skip(1).findFirst().orElse("").strip().replaceAll(" +", " "));
    }
}
