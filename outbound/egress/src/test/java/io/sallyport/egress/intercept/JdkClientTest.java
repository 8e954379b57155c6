package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client that we have not written: the JDK's, which prefers HTTP/2, through a proxy.
final class JdkClientTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int BODY_BYTES = 3 << 20;

    @TempDir
    private Path home;

    @Test
    void sendsAndReceivesLargeBodies() throws Exception {
        try (var rig = new Rig(home, "https", JdkClientTest::echo);
                var proxy = ServerSocketChannel.open().bind(Loopback.v4(0))) {
            Thread.ofVirtual().start(() -> serve(proxy, rig));
            try (var client = HttpClient.newBuilder()
                    .sslContext(TestPki.trusting(rig.authority.certificate()))
                    .proxy(ProxySelector.of((InetSocketAddress) proxy.getLocalAddress()))
                    .connectTimeout(WAIT)
                    .build()) {
                var body = "x".repeat(BODY_BYTES);
                for (int i = 0; i < 3; i++) {
                    var answer = client.send(
                            HttpRequest.newBuilder(URI.create("https://api.example.com/echo"))
                                    .timeout(WAIT)
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString());
                    assertEquals(200, answer.statusCode());
                    assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
                    assertEquals(body, answer.body());
                }
            }
            assertEquals(1, rig.origin().connections.get());
        }
    }

    private static boolean echo(String head, InputStream in, OutputStream out) throws IOException {
        var body = in.readNBytes(BODY_BYTES);
        out.write(
                ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        return true;
    }

    private static void serve(ServerSocketChannel proxy, Rig rig) {
        try {
            while (true) {
                var client = proxy.accept();
                readConnect(client);
                rig.serve(SocketConnection.of(client), rig.about(rig.sandbox, Rig.DESTINATION));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void readConnect(SocketChannel client) throws IOException {
        var head = new StringBuilder();
        var one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0) {
            if (client.read(one.clear()) < 0) {
                throw new InterruptedIOException("no CONNECT");
            }
            head.append((char) one.get(0));
        }
        client.write(
                ByteBuffer.wrap("HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }
}
