package io.sallyport.guest.outbound;

import io.sallyport.guest.LogRing;
import io.sallyport.relay.boot.RelayBoot;
import io.sallyport.relay.boot.RelayState;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Brings the relay up in the background and tells every process that starts how to get out.
///
/// - **Threads**: any; one of its own brings the relay up.
/// - **Limits**: a process waits for the outcome of the first start for [#WAIT]. A start that failed is made again
///   after each of [#PAUSES].
public final class Outbound {
    /// The relay's status document, behind the access token.
    public static final String STATUS = "/egress/status";

    static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private static final Duration WAIT = Duration.ofSeconds(6);
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60));
    private static final int STACK_BYTES = 512 << 10;

    private final RelayBoot relay;
    private final LogRing log;
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile Consumer<RelayState.Enabled> whenEnabled = enabled -> {};

    public Outbound(RelayBoot relay, LogRing log) {
        this.relay = relay;
        this.log = log;
    }

    /// To be called before [#start()]; runs on its thread.
    public void whenEnabled(Consumer<RelayState.Enabled> action) {
        whenEnabled = action;
    }

    /// Begins, and returns at once.
    public void start() {
        Thread.ofPlatform().daemon().name("relay-start").stackSize(STACK_BYTES).start(this::run);
    }

    private void run() {
        for (var pause : PAUSES) {
            if (once()) {
                return;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
        once();
    }

    /// Starts the relay once; false where it is worth another attempt.
    private boolean once() {
        try {
            var state = relay.start();
            return switch (state) {
                case RelayState.Enabled enabled -> {
                    enabled(enabled);
                    yield true;
                }
                case RelayState.Failed failed -> {
                    log.report("egress: no way out: " + failed.why());
                    yield false;
                }
                case RelayState.Off off -> true;
                case RelayState.New fresh -> true;
            };
        } finally {
            known.countDown();
        }
    }

    private void enabled(RelayState.Enabled enabled) {
        log.report("egress: enabled, proxy on 127.0.0.1:" + enabled.port());
        if (enabled.resolver()) {
            try {
                ResolvConf.pointHere(RESOLV_CONF);
            } catch (IOException e) {
                log.report("egress: " + RESOLV_CONF + " stays as it is: " + e.getMessage());
            }
        }
        known.countDown();
        whenEnabled.accept(enabled);
    }

    /// What a process is to find in its environment. Waits for the outcome; an error where no process may run
    /// without a relay and there is none.
    public Map<String, String> environment() throws RpcException {
        boolean decided = awaitOutcome();
        var state = relay.state();
        boolean running = state instanceof RelayState.Enabled;
        if (!running && relay.required()) {
            var why = decided ? state.why() : "the relay is not up within " + WAIT.toSeconds() + " s";
            throw new RpcException(
                    RpcCode.UNAVAILABLE, "this sandbox runs nothing without its way out, and that is missing: " + why);
        }
        return state.environment();
    }

    private boolean awaitOutcome() {
        try {
            return known.await(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// As JSON.
    public byte[] status() {
        return relay.status();
    }
}
