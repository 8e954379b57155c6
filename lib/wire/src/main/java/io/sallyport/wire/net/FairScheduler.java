package io.sallyport.wire.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/// Runs tasks in the order in which they came, on a fixed number of platform threads.
///
/// - **Threads**: any; tasks must not fail.
final class FairScheduler implements Executor {
    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> asleep = new ConcurrentLinkedQueue<>();

    FairScheduler(int carriers) {
        for (int i = 0; i < carriers; i++) {
            Thread.ofPlatform().daemon().name("carrier-" + i).start(this::carry);
        }
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
        var sleeper = asleep.poll();
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    private void carry() {
        var self = Thread.currentThread();
        while (true) {
            var task = ready.poll();
            if (task == null) {
                asleep.add(self);
                if (ready.isEmpty()) {
                    LockSupport.park(this);
                }
                asleep.remove(self); // whoever woke it has done so already, unless nobody did
            } else {
                task.run();
            }
        }
    }
}
