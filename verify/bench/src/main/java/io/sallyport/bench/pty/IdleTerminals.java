package io.sallyport.bench.pty;

import io.sallyport.bench.Proc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What terminals cost that are open with a shell that waits, over several sandboxes, and whether somebody can
/// still type beside them.
record IdleTerminals(Platform platform, Measured measured) {
    private static final int SANDBOXES = 4;
    private static final int EACH = 250;
    private static final int WARM_UP = 10;
    private static final int SETTLE_SECONDS = 3;
    private static final double KIB_PER_MIB = 1024;

    Map<String, Double> measure() throws IOException {
        var sandboxes = new ArrayList<Api.Sandbox>();
        for (int i = 0; i < SANDBOXES; i++) {
            sandboxes.add(platform.api().create());
        }
        open(sandboxes, 0, WARM_UP);
        double daemonsBefore = daemonsMib(sandboxes);
        double shellsBefore = shellsMib(sandboxes);
        open(sandboxes, WARM_UP, EACH);
        double daemons = daemonsMib(sandboxes) - daemonsBefore;
        double shells = shellsMib(sandboxes) - shellsBefore;
        int count = SANDBOXES * (EACH - WARM_UP);
        var figures = new LinkedHashMap<>(measured.type(platform.api().door(sandboxes.getFirst())));
        figures.put("open_count", (double) SANDBOXES * EACH);
        figures.put("kib_each", daemons * KIB_PER_MIB / count);
        figures.put("kib_each_with_shell", (daemons + shells) * KIB_PER_MIB / count);
        return figures;
    }

    private void open(List<Api.Sandbox> sandboxes, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            for (var sandbox : sandboxes) {
                platform.api().door(sandbox).open("/bin/bash");
            }
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
    }

    private double daemonsMib(List<Api.Sandbox> sandboxes) throws IOException {
        double sum = 0;
        for (var sandbox : sandboxes) {
            sum += pssMib(platform.daemon(sandbox.id()));
        }
        return sum;
    }

    private double shellsMib(List<Api.Sandbox> sandboxes) throws IOException {
        double sum = 0;
        for (var sandbox : sandboxes) {
            for (var shell : platform.daemon(sandbox.id()).descendants().toList()) {
                sum += pssMib(shell);
            }
        }
        return sum;
    }

    private static double pssMib(ProcessHandle process) throws IOException {
        return Proc.memoryMiB(process.pid(), "smaps_rollup", "Pss");
    }
}
