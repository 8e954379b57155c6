package io.sallyport.wire.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.net.FairShares.Member;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is held for whom, by a clock of the test's. Nobody sleeps: a member asks again when time has passed.
final class FairSharesTest {
    private static final long MS = 1_000_000;
    private static final long PIECE = 256 << 10;
    private static final long LEAD = FairShares.LEAD_BYTES_MIN;

    private final AtomicLong clock = new AtomicLong();
    private FairShares shares;

    @BeforeEach
    void start() {
        shares = new FairShares(clock::get);
    }

    private boolean passes(Member member, long bytes) {
        return shares.passes(member, bytes, clock.get());
    }

    /// How many pieces it may copy before it is held.
    private int piecesUntilHeld(Member member) {
        int pieces = 0;
        while (passes(member, PIECE)) {
            pieces++;
            assertTrue(pieces < 10_000, "never held");
        }
        return pieces;
    }

    private void move(Member... members) {
        for (var member : members) {
            var _ = shares.contended(member, clock.get());
        }
    }

    @Test
    void whoIsAloneIsNotCounted() {
        var one = new Member(1);
        assertFalse(shares.contended(one, clock.get()));
        clock.addAndGet(MS);
        assertFalse(shares.contended(one, clock.get()));
        var other = new Member(1);
        assertTrue(shares.contended(other, clock.get()));
        assertTrue(shares.contended(one, clock.get()));
        clock.addAndGet(FairShares.MOVING_NANOS + 1);
        assertFalse(shares.contended(one, clock.get()));
    }

    @Test
    void whoIsAheadIsHeldUntilTheOtherHasCaughtUp() {
        var many = new Member(1);
        var single = new Member(1);
        move(many, single);
        assertTrue(passes(single, PIECE));
        assertEquals(LEAD / PIECE + 1, piecesUntilHeld(many));
        clock.addAndGet(MS);
        assertTrue(passes(single, LEAD / 2), "the one behind goes on");
        assertFalse(passes(many, PIECE));
        assertTrue(passes(single, LEAD));
        assertTrue(passes(many, PIECE), "it has caught up");
    }

    @Test
    void weightIsProportion() {
        var heavy = new Member(3);
        var light = new Member(1);
        move(heavy, light);
        assertTrue(passes(light, 0));
        int pieces = piecesUntilHeld(heavy);
        assertTrue(Math.abs(pieces - 3 * LEAD / PIECE) <= 2, "pieces: " + pieces);
    }

    @Test
    void aHoldEndsAndOneThatDidNotHelpComesLaterTheNextTime() {
        var fast = new Member(1);
        var slow = new Member(1);
        move(fast, slow);
        assertTrue(passes(slow, 0));
        int first = piecesUntilHeld(fast);
        clock.addAndGet(FairShares.HOLD_NANOS);
        assertTrue(passes(fast, PIECE), "the hold is over");
        move(slow);
        int second = piecesUntilHeld(fast);
        assertTrue(second >= 2 * first - 2, first + " pieces, then " + second);
        for (int i = 0; i < 20; i++) {
            clock.addAndGet(FairShares.HOLD_NANOS);
            assertTrue(passes(fast, PIECE));
            move(slow);
            int next = piecesUntilHeld(fast);
            assertTrue(next <= FairShares.LEAD_BYTES_MAX / PIECE + 1, "the lead has an end: " + next);
        }
    }

    @Test
    void aHoldThatHelpsMakesTheLeadShortAgain() {
        var fast = new Member(1);
        var slow = new Member(1);
        move(fast, slow);
        assertTrue(passes(slow, 0));
        for (int i = 0; i < 4; i++) {
            var _ = piecesUntilHeld(fast);
            clock.addAndGet(FairShares.HOLD_NANOS);
            assertTrue(passes(fast, PIECE));
            move(slow);
        }
        assertTrue(piecesUntilHeld(fast) > 4 * LEAD / PIECE, "the lead has grown");
        clock.addAndGet(MS);
        assertTrue(passes(slow, FairShares.LEAD_BYTES_MAX), "it was the processor that it waited for");
        clock.addAndGet(MS);
        move(fast, slow);
        assertTrue(passes(fast, FairShares.LEAD_BYTES_MAX));
        assertTrue(piecesUntilHeld(fast) <= LEAD / PIECE + 1, "and is short again");
    }

    @Test
    void whoDoesNotMoveHoldsNobody() {
        var fast = new Member(1);
        var idle = new Member(1);
        move(fast, idle);
        assertTrue(passes(idle, PIECE));
        assertTrue(passes(fast, PIECE));
        clock.addAndGet(FairShares.MOVING_NANOS);
        move(fast);
        for (int i = 0; i < 1000; i++) {
            assertTrue(passes(fast, PIECE));
        }
        move(idle);
        assertTrue(passes(idle, PIECE));
        assertTrue(passes(fast, LEAD / 2), "what it left out while it was idle is not owed to it");
    }

    @Test
    void whoLeavesHoldsNobody() {
        var fast = shares.join(SandboxId.random(), 1);
        for (int i = 0; i < 3; i++) {
            var other = shares.join(SandboxId.random(), 1);
            other.copied(1);
            fast.copied(1);
            other.copied(1);
            other.close();
            fast.copied(2 * LEAD);
            fast.copied(2 * LEAD);
        }
        fast.close();
    }
}
