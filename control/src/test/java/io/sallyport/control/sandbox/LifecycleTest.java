package io.sallyport.control.sandbox;

import static io.sallyport.control.sandbox.Lifecycle.OnHost;
import static io.sallyport.control.sandbox.Lifecycle.next;
import static io.sallyport.control.sandbox.Lifecycle.repair;
import static io.sallyport.control.sandbox.SandboxState.CREATING;
import static io.sallyport.control.sandbox.SandboxState.KILLED;
import static io.sallyport.control.sandbox.SandboxState.KILLING;
import static io.sallyport.control.sandbox.SandboxState.PAUSED;
import static io.sallyport.control.sandbox.SandboxState.PAUSING;
import static io.sallyport.control.sandbox.SandboxState.RESUMING;
import static io.sallyport.control.sandbox.SandboxState.RUNNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.sandbox.Lifecycle.Event;
import io.sallyport.control.sandbox.Lifecycle.Repair;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class LifecycleTest {
    @ParameterizedTest
    @CsvSource({
        "CREATING, READY, RUNNING",
        "CREATING, CREATE_FAILED, KILLED",
        "RUNNING, PAUSE, PAUSING",
        "PAUSING, PAUSED_NOW, PAUSED",
        "PAUSING, PAUSE_FAILED, RUNNING",
        "PAUSED, RESUME, RESUMING",
        "RESUMING, RESUMED, RUNNING",
        "RESUMING, RESUME_FAILED, PAUSED",
        "PAUSED, KILL, KILLING",
        "KILLING, REMOVED, KILLED",
        "RUNNING, EXITED, KILLED",
        "CREATING, EXITED, KILLED",
    })
    void allowsTheStepsOfTheDiagram(SandboxState from, Event event, SandboxState to) {
        assertEquals(Optional.of(to), next(from, event));
    }

    @ParameterizedTest
    @EnumSource(Event.class)
    void nothingHappensToADeadSandbox(Event event) {
        assertEquals(Optional.empty(), next(KILLED, event));
    }

    @Test
    void whatCanBeSeenCanBeKilledAndNothingElse() {
        for (var state : SandboxState.values()) {
            assertEquals(state.visible(), next(state, Event.KILL).isPresent(), state.name());
        }
    }

    @Test
    void everyStateCanBeReachedAndLeft() {
        Set<SandboxState> reached = EnumSet.of(CREATING);
        for (int i = 0; i < SandboxState.values().length; i++) {
            for (var from : EnumSet.copyOf(reached)) {
                for (var event : Event.values()) {
                    next(from, event).ifPresent(reached::add);
                }
            }
        }
        assertEquals(EnumSet.allOf(SandboxState.class), reached);
        for (var state : EnumSet.complementOf(EnumSet.of(KILLED))) {
            assertTrue(next(state, Event.EXITED).isPresent(), state.name());
        }
    }

    @ParameterizedTest
    @EnumSource(SandboxState.class)
    void afterARestartNothingUnacknowledgedStays(SandboxState recorded) {
        boolean acknowledged = Set.of(RUNNING, PAUSING, PAUSED, RESUMING).contains(recorded);
        for (var actual : Set.of(OnHost.RUNNING, OnHost.PAUSED)) {
            assertEquals(acknowledged, repair(recorded, actual) != Repair.REMOVE, recorded + " " + actual);
        }
    }

    @Test
    void afterARestartTheHostIsRightAboutWhatExists() {
        assertEquals(Repair.KEEP, repair(RUNNING, OnHost.RUNNING));
        assertEquals(Repair.KEEP, repair(PAUSED, OnHost.PAUSED));
        assertEquals(Repair.KEEP, repair(KILLED, OnHost.ABSENT));
        assertEquals(Repair.RESUME, repair(RUNNING, OnHost.PAUSED));
        assertEquals(Repair.MARK_PAUSED, repair(PAUSING, OnHost.PAUSED));
        assertEquals(Repair.MARK_RUNNING, repair(RESUMING, OnHost.RUNNING));
        assertEquals(Repair.REMOVE, repair(KILLING, OnHost.ABSENT));
        assertNotEquals(Repair.KEEP, repair(RUNNING, OnHost.ABSENT));
    }
}
