package io.sallyport.relay.transparent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.relay.transparent.NameCheck.Decision;
import io.sallyport.wire.net.Loopback;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DnsAnswererTest {
    private static final int WAIT_MS = 10_000;

    private final NameTable names = new NameTable(System::nanoTime);
    private DnsAnswerer answerer;

    @BeforeEach
    void start() throws IOException {
        answerer = DnsAnswerer.start(0, name -> new Decision.Allowed(), names);
    }

    @AfterEach
    void stop() throws IOException {
        answerer.close();
    }

    @Test
    void answersOverUdp() throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(WAIT_MS);
            var question = Dns.question("a.example", 1, true);
            socket.send(new DatagramPacket(new byte[3], 3, Loopback.v4(answerer.port()))); // not to be answered
            socket.send(new DatagramPacket(question, question.length, Loopback.v4(answerer.port())));
            var packet = new DatagramPacket(new byte[512], 512);
            socket.receive(packet);
            var answer = Arrays.copyOf(packet.getData(), packet.getLength());
            assertEquals(Dns.ID, Dns.id(answer));
            assertEquals(1, Dns.answers(answer));
        }
    }

    @Test
    void answersSeveralQuestionsOverOneConnection() throws IOException {
        try (var socket = new Socket(Loopback.v4(0).getAddress(), answerer.port())) {
            socket.setSoTimeout(WAIT_MS);
            var out = new DataOutputStream(socket.getOutputStream());
            var in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 3; i++) {
                var question = Dns.question("n" + i + ".example", 1, false);
                out.writeShort(question.length);
                out.write(question);
                var answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);
                assertArrayEquals(
                        names.addressOf("n" + i + ".example").getAddress(),
                        Arrays.copyOfRange(answer, answer.length - 4, answer.length));
            }
        }
    }

    @Test
    void endsAConnectionThatSaysWhatNobodyAnswers() throws IOException {
        for (int length : new int[] {0, 5, 65_535}) {
            try (var socket = new Socket(Loopback.v4(0).getAddress(), answerer.port())) {
                socket.setSoTimeout(WAIT_MS);
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(length);
                out.write(new byte[Math.min(length, 5)]);
                assertEquals(-1, readOrReset(socket));
            }
        }
    }

    private static int readOrReset(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException e) {
            return -1;
        }
    }
}
