package io.sallyport.bench.inbound;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The figures for people: a table for each [Figure], with a row for each workload and a column for each
/// subject.
public final class InboundTable {
    private static final String OURS = "sallyport";
    private static final String PEER = "haproxy";

    private static final String MISSING = "–";

    private final Map<String, Double> figures;
    private final List<String> subjects;

    private InboundTable(Map<String, Double> figures, List<String> subjects) {
        this.figures = figures;
        this.subjects = subjects;
    }

    public static String of(Map<String, Double> figures, List<Workload> workloads, List<String> subjects) {
        var table = new InboundTable(figures, subjects);
        var text = new StringBuilder();
        for (var figure : Figure.values()) {
            var rows = workloads.stream()
                    .filter(workload -> workload.figures().contains(figure))
                    .map(workload -> table.row(figure, workload))
                    .toList();
            if (!rows.isEmpty()) {
                text.append(figure.heading()).append('\n').append(table.heading());
                rows.forEach(text::append);
                text.append('\n');
            }
        }
        return text.toString();
    }

    private String heading() {
        return line("", subjects.stream().map(InboundTable::cell).collect(Collectors.joining()), OURS + "/" + PEER);
    }

    private String row(Figure figure, Workload workload) {
        var cells = subjects.stream()
                .map(subject -> cell(number("%.1f", figures.get(figure.key(workload, subject)))))
                .collect(Collectors.joining());
        return line(workload.key(), cells, number("%.2f", ratio(figure, workload)));
    }

    private @Nullable Double ratio(Figure figure, Workload workload) {
        var ours = figures.get(figure.key(workload, OURS));
        var peers = figures.get(figure.key(workload, PEER));
        return ours == null || peers == null || peers == 0 ? null : (Double) (ours / peers);
    }

    private static String line(String name, String cells, String ratio) {
        return String.format(Locale.ROOT, "  %-10s%s%20s%n", name, cells, ratio);
    }

    private static String cell(String text) {
        return String.format(Locale.ROOT, "%12s", text);
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? MISSING : String.format(Locale.ROOT, format, value);
    }
}
