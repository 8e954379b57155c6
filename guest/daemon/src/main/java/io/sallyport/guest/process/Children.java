package io.sallyport.guest.process;

import io.sallyport.guest.process.Posix.Exited;
import io.sallyport.kit.Libc;
import io.sallyport.kit.Libc.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Learns of the end of every child, and reaps the orphans that a PID 1 inherits.
///
/// - **Threads**: one thread waits; it ends its wait for good measure when there are no children and goes on with
///   the next spawn. `onExit` runs on it and must not block.
/// - **Invariant**: between a child's end and its removal from `waiting` its pid is not reaped, so a signal sent under
///   this lock never hits a stranger.
public final class Children {
    private final Map<Integer, Consumer<Exited>> waiting = new HashMap<>();
    private boolean watching;

    /// Starts a process; `onExit` is called once when it has ended.
    int spawn(Spawn.Program program, Consumer<Exited> onExit) throws IOException {
        synchronized (this) {
            int pid = Spawn.run(program);
            waiting.put(pid, onExit);
            beKilledBeforeUs(pid);
            if (!watching) {
                Thread.ofPlatform().daemon().name("reaper").start(this::watch);
                watching = true;
            }
            return pid;
        }
    }

    /// When memory runs out, commands go before the daemon. They are put forward and the daemon is not held back,
    /// because not every host may lower a score.
    private static void beKilledBeforeUs(int pid) {
        try {
            Files.writeString(Path.of("/proc/" + pid + "/oom_score_adj"), "500");
        } catch (IOException e) {
            // It has ended already.
        }
    }

    /// Signals the group of a child. A group whose leader has ended keeps its number for as long as it has members, so
    /// this never hits a stranger while the leader's output is open; false when nobody is left.
    synchronized boolean signal(int pid, int signal) throws IOException {
        try {
            Posix.kill(-pid, signal);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Libc.ESRCH) {
                return false;
            }
            throw e;
        }
    }

    private void watch() {
        while (true) {
            try {
                take(Posix.waitAny());
            } catch (ErrnoException e) {
                if (e.errno() != Libc.ECHILD) {
                    throw new IllegalStateException(e);
                }
                synchronized (this) {
                    if (waiting.isEmpty()) {
                        watching = false;
                        return;
                    }
                }
            }
        }
    }

    private void take(Exited child) throws ErrnoException {
        Consumer<Exited> onExit;
        synchronized (this) {
            Posix.reap(child.pid());
            onExit = waiting.remove(child.pid());
        }
        if (onExit != null) {
            onExit.accept(child);
        }
    }
}
