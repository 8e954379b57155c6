package io.sallyport.gateway.seen;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Outcome;
import io.sallyport.gateway.seen.Passage.Point;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// Counts exchanges for Prometheus. Labels have closed sets of values: no sandbox, path or address ever becomes
/// one.
///
/// - **Threads**: any.
public final class GatewayMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Outcome, Counter> toSandbox = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Counter> toControl = new EnumMap<>(Outcome.class);
    private final Counter bytesToApp;
    private final Counter bytesToClient;
    private final Counter reused;
    private final Counter retried;
    private final Timer connect;
    private final Timer answer;

    public GatewayMetrics() {
        for (var outcome : Outcome.values()) {
            toSandbox.put(outcome, exchanges(outcome, "sandbox"));
            toControl.put(outcome, exchanges(outcome, "control"));
        }
        bytesToApp = bytes("app");
        bytesToClient = bytes("client");
        reused = Counter.builder("sallyport.gateway.connections.reused")
                .description("Exchanges on an app connection that carried one before")
                .register(registry);
        retried = Counter.builder("sallyport.gateway.retries")
                .description("Requests sent to the app again, because it had not seen them")
                .register(registry);
        connect = timer("sallyport.gateway.connect", "From admission to a connection to the app, holding included");
        answer = timer("sallyport.gateway.answer", "From the connection to the app's response head");
    }

    private Counter exchanges(Outcome outcome, String destination) {
        return Counter.builder("sallyport.gateway.exchanges")
                .description("Exchanges that have ended")
                .tag("outcome", outcome.id())
                .tag("destination", destination)
                .register(registry);
    }

    private Counter bytes(String side) {
        return Counter.builder("sallyport.gateway.body.bytes")
                .description("Bytes of bodies and tunnels passed on")
                .tag("to", side)
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10))
                .register(registry);
    }

    /// Adds a figure that is asked for when somebody looks.
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    public void count(Passage ended) {
        var outcome = Objects.requireNonNull(ended.outcome(), "the passage has not ended");
        var counters = ended.destination() instanceof Destination.Control ? toControl : toSandbox;
        Objects.requireNonNull(counters.get(outcome)).increment();
        bytesToApp.increment((double) ended.requestBytes());
        bytesToClient.increment((double) ended.responseBytes());
        if (ended.reused()) {
            reused.increment();
        }
        if (ended.attempts() > 1) {
            retried.increment(ended.attempts() - 1);
        }
        record(connect, ended.phaseNanos(Point.CONNECTED));
        record(answer, ended.phaseNanos(Point.ANSWERED));
    }

    private static void record(Timer timer, long nanos) {
        if (nanos >= 0) {
            timer.record(Duration.ofNanos(nanos));
        }
    }

    /// What Prometheus reads.
    public String scrape() {
        return registry.scrape();
    }
}
