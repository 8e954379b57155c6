package io.sallyport.wire.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Needs root and util-linux, as the platform does.
final class NetnsTest {
    private Process inside;
    private Netns netns;

    @BeforeEach
    void makeNamespace() throws Exception {
        inside = new ProcessBuilder("unshare", "--net", "sh", "-c", "ip link set lo up || true; echo up; exec sleep 60")
                .redirectErrorStream(true)
                .start();
        var said = inside.inputReader().readLine();
        assertEquals("up", said, "unshare --net needs root, and lo needs the package iproute2");
        netns = Netns.of(inside.pid());
    }

    @AfterEach
    void removeNamespace() {
        netns.close();
        inside.destroyForcibly();
    }

    @Test
    void dialsWhatListensInsideAndOnlyThere() throws Exception {
        try (ServerSocketChannel server = netns.listen(Loopback.v4(0))) {
            int port = server.socket().getLocalPort();
            try (var client = netns.dial(Loopback.v4(port), Deadline.after(Duration.ofSeconds(5)));
                    var accepted = server.accept()) {
                client.write(new byte[] {42}, 0, 1);
                var read = ByteBuffer.allocate(1);
                assertEquals(1, accepted.read(read));
                assertEquals(42, read.get(0));
            }
            assertThrows(ConnectException.class, () -> connectHere(port));
        }
    }

    @Test
    void doesNotReachThisMachineFromInside() throws Exception {
        try (var server = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            var address = Loopback.v4(server.socket().getLocalPort());
            assertThrows(ConnectException.class, () -> netns.dial(address, Deadline.after(Duration.ofSeconds(5))));
        }
    }

    @Test
    void refusesOurOwnNamespace() {
        var refusal = assertThrows(
                IOException.class, () -> Netns.of(ProcessHandle.current().pid()));
        assertTrue(String.valueOf(refusal.getMessage()).contains("no network namespace of its own"));
    }

    @Test
    void isOfNoUseWhenClosed() {
        netns.close();
        assertThrows(IOException.class, () -> netns.dial(Loopback.v4(1), Deadline.NEVER));
    }

    private static void connectHere(int port) throws IOException {
        SocketChannel.open(Loopback.v4(port)).close();
    }
}
