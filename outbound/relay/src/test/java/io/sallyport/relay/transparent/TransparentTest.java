package io.sallyport.relay.transparent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TransparentTest {
    private static final int WAIT_MS = 10_000;

    private final NameTable names = new NameTable(System::nanoTime);
    private final BlockingQueue<String> served = new LinkedBlockingQueue<>();

    private void serve(Connection client, String authority, String scheme) {
        served.add(authority + " " + scheme);
        try (client) {
            client.write("hello".getBytes(StandardCharsets.US_ASCII), 0, 5);
        } catch (IOException e) {
            served.add(e.toString());
        }
    }

    @Test
    void leadsToTheNameThatWasAskedFor() throws Exception {
        var address = names.addressOf("api.example");
        assertEquals("api.example:443 https", servedTo(new InetSocketAddress(address, 443)));
        assertEquals("api.example:80 http", servedTo(new InetSocketAddress(address, 80)));
        assertEquals("api.example:5432 tcp", servedTo(new InetSocketAddress(address, 5432)));
    }

    @Test
    void leadsToAnAddressThatStandsForNoName() throws Exception {
        var address = InetAddress.getByName("192.0.2.7");
        assertEquals("192.0.2.7:443 https", servedTo(new InetSocketAddress(address, 443)));
    }

    @Test
    void cutsWhatGoesToAnAddressWhoseNameIsForgotten() throws Exception {
        assertCut(Optional.of(new InetSocketAddress(InetAddress.getByName("198.18.7.7"), 443)));
    }

    @Test
    void cutsWhatCameHereByItself() throws Exception {
        assertCut(Optional.empty());
        try (var transparent = Transparent.start(0, names, this::serve)) {
            assertCut(transparent);
        }
    }

    private String servedTo(InetSocketAddress destination) throws Exception {
        try (var transparent = Transparent.start(0, names, this::serve, accepted -> Optional.of(destination));
                var client = connect(transparent)) {
            assertEquals("hello", new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
            return String.valueOf(served.poll(10, TimeUnit.SECONDS));
        }
    }

    private void assertCut(Optional<InetSocketAddress> destination) throws IOException {
        try (var transparent = Transparent.start(0, names, this::serve, accepted -> destination)) {
            assertCut(transparent);
        }
    }

    private void assertCut(Transparent transparent) throws IOException {
        try (var client = connect(transparent)) {
            var e = assertThrows(
                    IOException.class, () -> client.getInputStream().read());
            assertTrue(!(e instanceof SocketTimeoutException), "a reset and no silence");
        }
        assertTrue(served.isEmpty());
    }

    private static Socket connect(Transparent transparent) throws IOException {
        var client = new Socket(Loopback.v4(0).getAddress(), transparent.port());
        client.setSoTimeout(WAIT_MS);
        return client;
    }
}
