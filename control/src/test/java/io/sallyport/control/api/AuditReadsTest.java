package io.sallyport.control.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class AuditReadsTest {
    private static final UUID ONE = UUID.randomUUID();
    private static final UUID TWO = UUID.randomUUID();
    private static final UUID THREE = UUID.randomUUID();

    private final AuditReads impatient = new AuditReads(Duration.ZERO);

    @Test
    void aTeamReadsOnceAtATime() {
        try (var _ = impatient.enter(ONE)) {
            assertRefused(ONE);
            impatient.enter(TWO).close();
        }
        impatient.enter(ONE).close();
    }

    @Test
    void noMoreThanTwoReadAtATime() {
        try (var _ = impatient.enter(ONE)) {
            try (var _ = impatient.enter(TWO)) {
                assertRefused(THREE);
            }
            impatient.enter(THREE).close();
        }
    }

    @Test
    void whoIsPatientGetsThePlaceThatBecomesFree() throws Exception {
        var patient = new AuditReads(Duration.ofSeconds(20));
        var second = new CountDownLatch(1);
        Thread waiting;
        try (var _ = patient.enter(ONE)) {
            waiting = Thread.ofVirtual().start(() -> {
                patient.enter(ONE).close();
                second.countDown();
            });
            assertEquals(1, second.getCount());
        }
        second.await();
        waiting.join();
    }

    private void assertRefused(UUID team) {
        assertEquals(
                429,
                assertThrows(ApiException.class, () -> impatient.enter(team)).status());
    }
}
