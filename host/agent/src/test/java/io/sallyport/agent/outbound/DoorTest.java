package io.sallyport.agent.outbound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import io.sallyport.wire.netns.Netns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Needs root, util-linux, iproute2 and nftables, as the platform does.
@Timeout(60)
final class DoorTest {
    private static final SandboxId ID = SandboxId.random();
    private static final int WAIT_SECONDS = 5;
    private static final int ATTEMPTS_MAX = 5_000;
    private static final byte[] ONE_BYTE = {42};

    private record Taken(SandboxId sandbox, Connection connection) {}

    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final WayOut wayOut = new WayOut((sandbox, connection) -> taken.add(new Taken(sandbox, connection)));
    private Process inside;
    private Netns netns;

    @BeforeEach
    void makeNamespace() throws Exception {
        inside = new ProcessBuilder("unshare", "--net", "sh", "-c", "ip link set lo up; echo up; exec sleep 60")
                .redirectErrorStream(true)
                .start();
        assertEquals("up", inside.inputReader().readLine());
        netns = Netns.of(inside.pid());
    }

    @AfterEach
    void removeNamespace() {
        netns.close();
        inside.destroyForcibly();
    }

    @Test
    void whatIsDialledInsideIsHandedOnWithTheSandboxsName() throws Exception {
        try (var _ = wayOut.open(ID, netns, Optional::of);
                var client = dial(Loopback.v4(EgressPorts.DOOR))) {
            client.write(ONE_BYTE, 0, 1);
            var handed = taken.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(handed);
            assertSame(ID, handed.sandbox());
            try (var connection = handed.connection()) {
                assertEquals(1, connection.read(new byte[1], 0, 1));
            }
        }
    }

    @Test
    void whatMayNotBeIsClosedAndTheDoorStaysOpen() throws Exception {
        try (var _ = wayOut.open(ID, netns, this::refuse)) {
            for (int i = 0; i < 3; i++) {
                try (var client = dial(Loopback.v4(EgressPorts.DOOR))) {
                    assertEquals(-1, client.read(new byte[1], 0, 1));
                }
            }
            assertEquals(0, taken.size());
        }
    }

    @Test
    void tooManyConnectionsASecondAreClosed() throws Exception {
        var greeting = new WayOut(this::greet);
        try (var door = greeting.open(ID, netns, Optional::of)) {
            assertNotNull(door);
            int greeted = 0;
            while (greeted < ATTEMPTS_MAX && isGreeted()) {
                greeted++;
            }
            assertTrue(greeted >= Door.CONNECTIONS_AT_ONCE && greeted < ATTEMPTS_MAX, greeted + " were taken");
        }
    }

    private void greet(SandboxId sandbox, Connection connection) {
        try (connection) {
            connection.write(ONE_BYTE, 0, 1);
        } catch (IOException e) {
            throw new UncheckedIOException(sandbox + " went away", e);
        }
    }

    private boolean isGreeted() throws IOException {
        try (var client = dial(Loopback.v4(EgressPorts.DOOR))) {
            return client.read(new byte[1], 0, 1) == 1;
        }
    }

    private Optional<Connection> refuse(Connection connection) {
        connection.close();
        return Optional.empty();
    }

    @Test
    void aClosedDoorIsGoneAndCanBeOpenedAgain() throws Exception {
        wayOut.open(ID, netns, Optional::of).close();
        assertThrows(IOException.class, () -> dial(Loopback.v4(EgressPorts.DOOR)));
        try (var _ = wayOut.open(ID, netns, Optional::of);
                var _ = dial(Loopback.v4(EgressPorts.DOOR))) {
            var handed = taken.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(handed);
            handed.connection().close();
        }
    }

    @Test
    void everyConnectionIsLedToTheRelayWhereverItGoes() throws Exception {
        TransparentRules.apply(netns);
        try (var relay = netns.listen(Loopback.v4(EgressPorts.TRANSPARENT));
                var dns = netns.listen(Loopback.v4(EgressPorts.DNS))) {
            for (var address : new String[] {"203.0.113.5", "10.0.0.1", "169.254.169.254"}) {
                try (var client = dial(to(address, 443))) {
                    assertLeadsTo(relay, client);
                }
            }
            try (var client = dial(to("203.0.113.5", 53))) {
                assertLeadsTo(dns, client);
            }
        }
    }

    @Test
    void whatIsMeantForTheSandboxItselfStaysThere() throws Exception {
        TransparentRules.apply(netns);
        try (var server = netns.listen(Loopback.v4(0));
                var client = dial(Loopback.v4(server.socket().getLocalPort()))) {
            assertLeadsTo(server, client);
        }
        assertThrows(IOException.class, () -> dial(to("203.0.113.5", 443)), "no relay: refused, and at once");
    }

    /// What the client says is heard there.
    private static void assertLeadsTo(ServerSocketChannel server, SocketConnection client) throws IOException {
        try (var accepted = SocketConnection.of(server.accept())) {
            accepted.deadline(Deadline.after(Duration.ofSeconds(WAIT_SECONDS)));
            client.write(ONE_BYTE, 0, 1);
            var heard = new byte[1];
            assertEquals(1, accepted.read(heard, 0, 1));
            assertArrayEquals(ONE_BYTE, heard);
        }
    }

    private SocketConnection dial(InetSocketAddress to) throws IOException {
        var deadline = Deadline.after(Duration.ofSeconds(WAIT_SECONDS));
        var connection = netns.dial(to, deadline);
        connection.deadline(deadline);
        return connection;
    }

    private static InetSocketAddress to(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
