package io.sallyport.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Columns for people: aligned, with a bold head in a terminal, plain when piped.
final class Table {
    private static final String BOLD = "\033[1m";
    private static final String RESET = "\033[0m";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(List.of(head));
    }

    /// Adds a row. What is empty becomes a dash.
    void row(String... cells) {
        rows.add(Arrays.stream(cells).map(cell -> cell.isEmpty() ? "-" : cell).toList());
    }

    void print(PrintWriter out) {
        print(out, true);
    }

    /// Prints it, or goes on with one that was printed before.
    void print(PrintWriter out, boolean withHead) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        boolean colour = Terminal.isColour();
        for (int r = withHead ? 0 : 1; r < rows.size(); r++) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                var cell = rows.get(r).get(i);
                line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
            }
            var text = line.toString().stripTrailing();
            out.println(r == 0 && colour ? BOLD + text + RESET : text);
        }
    }
}
