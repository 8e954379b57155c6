package io.sallyport.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The figures for people: a table for each workload, with a column for each subject.
public final class FigureTable {
    private static final String MISSING = "–";

    private FigureTable() {}

    /// From keys of the form `workload.subject.figure`.
    public static String of(Map<String, Double> figures, List<String> workloads, List<String> subjects) {
        return of(figures, workloads, subjects, List.of());
    }

    /// The same, with a column of ratios.
    ///
    /// @param ratio two subjects, of whom the first is divided by the second; or none
    public static String of(
            Map<String, Double> figures, List<String> workloads, List<String> subjects, List<String> ratio) {
        var all = new LinkedHashMap<>(figures);
        var columns = new ArrayList<>(subjects);
        if (subjects.containsAll(ratio) && !ratio.isEmpty()) {
            var column = String.join("/", ratio);
            columns.add(column);
            addRatios(all, ratio, column);
        }
        var text = new StringBuilder();
        for (var workload : workloads) {
            text.append(line(workload, columns));
            for (var name : names(figures, workload)) {
                text.append(line(
                        "  " + name,
                        columns.stream()
                                .map(subject -> number(all, workload + "." + subject + "." + name))
                                .toList()));
            }
        }
        return text.toString();
    }

    private static void addRatios(Map<String, Double> figures, List<String> ratio, String column) {
        var ours = "." + ratio.getFirst() + ".";
        for (var key : List.copyOf(figures.keySet())) {
            var value = figures.get(key);
            var peers = figures.get(key.replace(ours, "." + ratio.getLast() + "."));
            if (key.contains(ours) && value != null && peers != null && peers != 0) {
                figures.put(key.replace(ours, "." + column + "."), value / peers);
            }
        }
    }

    private static Set<String> names(Map<String, Double> figures, String workload) {
        return figures.keySet().stream()
                .filter(key -> key.startsWith(workload + "."))
                .map(key -> key.substring(key.lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String number(Map<String, Double> figures, String key) {
        var value = figures.get(key);
        return value == null ? MISSING : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String line(String name, List<String> cells) {
        return String.format(Locale.ROOT, "%-24s", name)
                + cells.stream()
                        .map(cell -> String.format(Locale.ROOT, "%18s", cell))
                        .collect(Collectors.joining())
                + "\n";
    }
}
