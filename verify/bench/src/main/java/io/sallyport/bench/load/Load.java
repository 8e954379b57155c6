package io.sallyport.bench.load;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Connections that do what a [Plan] says while their [Loop] runs.
public final class Load implements Closeable {
    private static final int PACED_CONNECTIONS = 50;
    private static final long SILENCE_MAX_NANOS = Duration.ofSeconds(2).toNanos();

    private final Loop loop;
    private final Entry entry;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Tally tally = new Tally();
    private final Tally besideTally = new Tally();

    private Load(Loop loop, Entry entry) {
        this.loop = loop;
        this.entry = entry;
    }

    public static Load start(Loop loop, Entry entry, Plan plan) throws IOException {
        var load = new Load(loop, entry);
        load.add(plan);
        for (var connection : load.connections) {
            connection.connect();
        }
        return load;
    }

    private void add(Plan plan) throws IOException {
        switch (plan) {
            case Plan.KeptAlive keptAlive -> addKeptAlive(keptAlive, tally);
            case Plan.OneShot(int count) -> {
                for (int i = 0; i < count; i++) {
                    connections.add(new OneShotConnection(loop, entry, tally, Target.SMALL));
                }
            }
            case Plan.Echoes(int count) -> {
                for (int i = 0; i < count; i++) {
                    connections.add(new EchoConnection(loop, entry, tally));
                }
            }
            case Plan.Probe(var every, var beside) -> {
                addKeptAlive(beside, besideTally);
                addPaced(every);
            }
        }
    }

    private void addPaced(Duration every) throws IOException {
        var ofEach = every.multipliedBy(PACED_CONNECTIONS);
        for (int i = 0; i < PACED_CONNECTIONS; i++) {
            connections.add(new PacedConnection(loop, entry, tally, Target.SMALL, ofEach, every.multipliedBy(i)));
        }
    }

    private void addKeptAlive(Plan.KeptAlive plan, Tally counted) throws IOException {
        for (int i = 0; i < plan.connections(); i++) {
            connections.add(new KeptAliveConnection(loop, entry, counted, plan.target()));
        }
    }

    /// What was counted. Read it while the loop does not run.
    public Tally tally() {
        return tally;
    }

    /// Fails when anything went wrong since the start, or when a connection waits in vain.
    public void check() throws IOException {
        long since = System.nanoTime() - SILENCE_MAX_NANOS;
        connections.forEach(connection -> connection.failIfSilentSince(since));
        int errors = tally.errors() + besideTally.errors();
        if (errors > 0) {
            var first = tally.errors() > 0 ? tally.firstError() : besideTally.firstError();
            throw new IOException(
                    errors + " of " + connections.size() + " connections failed, the first with: " + first);
        }
        if (tally.answers() == 0 && tally.bodyBytes() == 0) {
            throw new IOException("no answer at all");
        }
    }

    @Override
    public void close() {
        connections.forEach(LoadConnection::close);
    }
}
