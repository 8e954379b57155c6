package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.testbed.Installation.Sandbox;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The way out when agent and egress gateway are processes of their own, and one of them is killed.
final class ApartEgressTest {
    private static final Duration WAIT = Duration.ofSeconds(40);
    private static final String REACH = "curl -sS -m 5 https://allowed.canary.sallyport.internal/";

    private static Apart apart;

    @BeforeAll
    static void start() throws Exception {
        apart = new Apart();
    }

    @AfterAll
    static void stop() throws Exception {
        if (apart != null) {
            apart.close();
        }
    }

    @Test
    void theWayOutLeadsThroughTheAgentToTheControlPlanesProcess() {
        var box = apart.create(EgressApiTest.withEgress("{\"mode\":\"open\"}"));
        assertEquals("ok\n", apart.sh(box, REACH).out());
        assertEquals(56, apart.sh(box, REACH.replace("allowed", "denied")).code(), "CONNECT is answered with 403");
        apart.kill(box);
    }

    @Test
    void itIsThereAgainAfterEitherOfThemWasKilled() throws Exception {
        var box = apart.create(EgressApiTest.withEgress("{\"mode\":\"open\"}"));
        assertEquals("ok\n", apart.sh(box, REACH).out());
        Apart.kill(apart.control());
        apart.startControl();
        reachesAgain(box, "the control plane was killed");
        Apart.kill(apart.agent());
        apart.startAgent();
        reachesAgain(box, "the agent was killed, and the next one has opened the door again");
        apart.kill(box);
    }

    private static void reachesAgain(Sandbox box, String what) {
        Testbed.eventually(WAIT, what, () -> {
            try {
                return apart.sh(box, REACH).out().equals("ok\n");
            } catch (RuntimeException e) { // the way in is not there yet
                return false;
            }
        });
    }

    @Test
    void onlyAnAgentLeadsToTheEgressGateway() {
        var connect = "CONNECT cl-" + "0".repeat(25) + ":49984 HTTP/1.1\r\nHost: x\r\n\r\n";
        assertEquals("HTTP/1.1 404 Not Found", Caller.of(apart.tls(), "gateway").ask(apart.controlPort(), connect));
        assertEquals("HTTP/1.1 200 OK", Caller.of(apart.tls(), "agent").ask(apart.controlPort(), connect));
        assertEquals(
                "HTTP/1.1 400 Bad Request",
                Caller.of(apart.tls(), "agent").ask(apart.controlPort(), connect.replace("49984", "49983")));
        assertEquals("", Caller.nobody(apart.tls()).ask(apart.controlPort(), connect));
    }
}
