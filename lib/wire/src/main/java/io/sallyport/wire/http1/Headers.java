package io.sallyport.wire.http1;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Header lines in their order. Immutable; names compare without case.
public final class Headers implements Iterable<Header> {
    public static final Headers EMPTY = new Headers(List.of());

    private final List<Header> lines;

    private Headers(List<Header> lines) {
        this.lines = lines;
    }

    public static Headers of(List<Header> lines) {
        return new Headers(new ArrayList<>(lines));
    }

    /// The lines of a list that nobody changes any more.
    static Headers ofOwned(List<Header> lines) {
        return new Headers(lines);
    }

    /// Names and values by turns.
    public static Headers of(String... namesAndValues) {
        var lines = new ArrayList<Header>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            lines.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(lines);
    }

    /// Collects lines in their order.
    public static final class Builder {
        private final ArrayList<Header> lines;

        public Builder(List<Header> first) {
            lines = new ArrayList<>(first);
        }

        public Builder add(String name, String value) {
            lines.add(new Header(name, value));
            return this;
        }

        public Headers build() {
            return new Headers(lines);
        }
    }

    public Optional<String> first(String name) {
        for (var line : lines) {
            if (line.is(name)) {
                return Optional.of(line.value());
            }
        }
        return Optional.empty();
    }

    public List<String> all(String name) {
        if (!has(name)) {
            return List.of();
        }
        var values = new ArrayList<String>();
        for (var line : lines) {
            if (line.is(name)) {
                values.add(line.value());
            }
        }
        return values;
    }

    public boolean has(String name) {
        for (var line : lines) {
            if (line.is(name)) {
                return true;
            }
        }
        return false;
    }

    /// The elements of a comma-separated list that may stand on several lines, trimmed, without empty ones.
    public List<String> list(String name) {
        if (!has(name)) {
            return List.of();
        }
        var elements = new ArrayList<String>();
        for (var value : all(name)) {
            for (var element : value.split(",", -1)) {
                if (!element.isBlank()) {
                    elements.add(element.strip());
                }
            }
        }
        return elements;
    }

    public boolean lists(String name, String element) {
        for (var listed : list(name)) {
            if (element.equalsIgnoreCase(listed)) {
                return true;
            }
        }
        return false;
    }

    public Headers with(String name, String value) {
        var copy = new ArrayList<>(lines);
        copy.add(new Header(name, value));
        return new Headers(copy);
    }

    public Headers without(String name) {
        return without(line -> line.is(name));
    }

    public Headers without(Predicate<Header> dropped) {
        var kept = new ArrayList<Header>(lines.size());
        for (var line : lines) {
            if (!dropped.test(line)) {
                kept.add(line);
            }
        }
        return kept.size() == lines.size() ? this : new Headers(kept);
    }

    public int size() {
        return lines.size();
    }

    @Override
    public Iterator<Header> iterator() {
        return lines.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers h && lines.equals(h.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
