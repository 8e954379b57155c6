package io.sallyport.bench.inbound;

import io.sallyport.bench.Choice;
import io.sallyport.bench.load.Plan;
import io.sallyport.bench.load.Plan.Echoes;
import io.sallyport.bench.load.Plan.KeptAlive;
import io.sallyport.bench.load.Plan.OneShot;
import io.sallyport.bench.load.Plan.Probe;
import io.sallyport.bench.load.Target;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the subjects are loaded with. Small requests carry a browser's headers and are answered with 64 bytes.
public enum Workload {
    GET1,
    GET16,
    GET64,
    GET256,
    MIB1,
    MIB100,
    CONNECT,
    WS,
    PROBE;

    /// The workloads of these names, all when none is given.
    ///
    /// @throws IllegalArgumentException for a name that is none
    public static List<Workload> named(List<String> names) {
        return Choice.of("--only", List.of(values()), Workload::key, names);
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Plan plan() {
        return switch (this) {
            case GET1 -> new KeptAlive(Target.SMALL, 1);
            case GET16 -> new KeptAlive(Target.SMALL, 16);
            case GET64 -> new KeptAlive(Target.SMALL, 64);
            case GET256 -> new KeptAlive(Target.SMALL, 256);
            case MIB1 -> new KeptAlive(Target.MIB_1, 16);
            case MIB100 -> new KeptAlive(Target.MIB_100, 4);
            case CONNECT -> new OneShot(16);
            case WS -> new Echoes(64);
            case PROBE -> new Probe(Duration.ofMillis(10), new KeptAlive(Target.MIB_1, 16));
        };
    }

    Set<Figure> figures() {
        var figures = EnumSet.of(Figure.OTHERS_PCT);
        figures.addAll(ownFigures());
        return figures;
    }

    private Set<Figure> ownFigures() {
        return switch (this) {
            case GET1, GET16, GET64, GET256 ->
                EnumSet.of(Figure.CPU_US, Figure.RPS, Figure.P50_MS, Figure.P99_MS, Figure.RSS_MIB);
            case MIB1, MIB100 -> EnumSet.of(Figure.CPU_US_PER_MB, Figure.MB_PER_S, Figure.RSS_MIB);
            case CONNECT, WS -> EnumSet.of(Figure.CPU_US, Figure.P99_MS);
            case PROBE -> EnumSet.of(Figure.P50_MS, Figure.P99_MS, Figure.MAX_MS);
        };
    }
}
