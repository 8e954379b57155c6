package io.sallyport.control.sandbox;

import static io.sallyport.control.sandbox.SandboxState.CREATING;
import static io.sallyport.control.sandbox.SandboxState.KILLED;
import static io.sallyport.control.sandbox.SandboxState.KILLING;
import static io.sallyport.control.sandbox.SandboxState.PAUSED;
import static io.sallyport.control.sandbox.SandboxState.PAUSING;
import static io.sallyport.control.sandbox.SandboxState.RESUMING;
import static io.sallyport.control.sandbox.SandboxState.RUNNING;

import java.util.Optional;

/// Which step may follow which. Pure.
///
/// ```
///   CREATING ──ready──▶ RUNNING ──pause──▶ PAUSING ──done──▶ PAUSED
///      │                 ▲   ▲ ◀──failed──────┘               │  ▲
///    failed              │   └──done── RESUMING ◀──resume─────┘  │
///      ▼                 │                └──────failed──────────┘
///   KILLED ◀──done── KILLING ◀──kill── RUNNING, PAUSING, PAUSED, RESUMING
///      ▲
///      └──exited── any
/// ```
public final class Lifecycle {
    private Lifecycle() {}

    /// What can happen to a sandbox.
    public enum Event {
        READY,
        CREATE_FAILED,
        PAUSE,
        PAUSED_NOW,
        PAUSE_FAILED,
        RESUME,
        RESUMED,
        RESUME_FAILED,
        KILL,
        REMOVED,
        /// It ended by itself.
        EXITED
    }

    /// The state after `event`, or empty where it cannot happen now.
    public static Optional<SandboxState> next(SandboxState state, Event event) {
        return Optional.ofNullable(
                switch (event) {
                    case READY -> state == CREATING ? RUNNING : null;
                    case CREATE_FAILED -> state == CREATING ? KILLED : null;
                    case PAUSE -> state == RUNNING ? PAUSING : null;
                    case PAUSED_NOW -> state == PAUSING ? PAUSED : null;
                    case PAUSE_FAILED -> state == PAUSING ? RUNNING : null;
                    case RESUME -> state == PAUSED ? RESUMING : null;
                    case RESUMED -> state == RESUMING ? RUNNING : null;
                    case RESUME_FAILED -> state == RESUMING ? PAUSED : null;
                    case KILL -> state.visible() ? KILLING : null;
                    case REMOVED -> state == KILLING ? KILLED : null;
                    case EXITED -> state == KILLED ? null : KILLED;
                });
    }

    /// What to do about a sandbox after a restart of the control plane, knowing what its host says.
    public enum Repair {
        KEEP,
        MARK_RUNNING,
        MARK_PAUSED,
        /// The host stopped it when it went down; it was running, so it runs again.
        RESUME,
        REMOVE
    }

    /// What is on the host.
    public enum OnHost {
        ABSENT,
        RUNNING,
        PAUSED
    }

    /// The host is right about what exists, this side about what was asked for and acknowledged.
    public static Repair repair(SandboxState recorded, OnHost actual) {
        return switch (actual) {
            case ABSENT -> recorded == KILLED ? Repair.KEEP : Repair.REMOVE;
            case RUNNING ->
                switch (recorded) {
                    case RUNNING -> Repair.KEEP;
                    case PAUSING, PAUSED, RESUMING -> Repair.MARK_RUNNING;
                    case CREATING, KILLING, KILLED -> Repair.REMOVE;
                };
            case PAUSED ->
                switch (recorded) {
                    case RUNNING -> Repair.RESUME;
                    case PAUSED -> Repair.KEEP;
                    case PAUSING, RESUMING -> Repair.MARK_PAUSED;
                    case CREATING, KILLING, KILLED -> Repair.REMOVE;
                };
        };
    }
}
