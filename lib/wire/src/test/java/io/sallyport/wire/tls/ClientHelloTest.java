package io.sallyport.wire.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.sallyport.wire.tls.ClientHello.Parsed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

final class ClientHelloTest {
    private static final long SEED = 20_261_127;
    private static final int FUZZED = 300_000;
    private static final Duration FUZZ_WAIT = Duration.ofSeconds(60);
    private static final int GREASE = 0x0a0a;

    private static Parsed parse(byte[] bytes) {
        return ClientHello.parse(bytes, bytes.length);
    }

    @Test
    void understandsTheClientOfTheJdk() throws Exception {
        var engine = SSLContext.getDefault().createSSLEngine("example.com", 443);
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("example.com")));
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        engine.setSSLParameters(parameters);
        var record = ByteBuffer.allocate(32 << 10);
        engine.wrap(ByteBuffer.allocate(0), record);
        var bytes = Arrays.copyOf(record.array(), record.position());
        assertEquals(new Parsed.Hello(Optional.of("example.com")), parse(bytes));
        everyPrefixIsIncomplete(bytes);
    }

    @Test
    void understandsAHelloOfAnySizeThatABrowserSends() {
        for (int keyShare : new int[] {32, 1_216, 1_700, 8 << 10, 15 << 10, 40 << 10}) {
            var hello = new Hello().name("a.example").grease().ech().tls13().padding(keyShare);
            assertEquals(new Parsed.Hello(Optional.of("a.example")), parse(hello.records(16 << 10)));
        }
    }

    @Test
    void theHelloMayBeCutIntoRecordsAnywhere() {
        var hello = new Hello().name("a.example").alpn("h2").tls13();
        int length = hello.message().length;
        for (int first = 1; first < length; first++) {
            assertInstanceOf(Parsed.Hello.class, parse(hello.recordsAfter(first)), "cut at " + first);
        }
        var inRecordsOfAByte = hello.records(1);
        assertInstanceOf(Parsed.Hello.class, parse(inRecordsOfAByte));
        everyPrefixIsIncomplete(inRecordsOfAByte);
        everyPrefixIsIncomplete(hello.recordsAfter(2));
    }

    @Test
    void whatFollowsTheHelloIsNotLookedAt() {
        var bytes = new Hello().name("a.example").records(16 << 10);
        var more = Arrays.copyOf(bytes, bytes.length + 100);
        Arrays.fill(more, bytes.length, more.length, (byte) 20);
        assertInstanceOf(Parsed.Hello.class, parse(more));
    }

    @Test
    void aHelloWithoutExtensionsNamesNobody() {
        assertEquals(
                new Parsed.Hello(Optional.empty()),
                parse(new Hello().withoutExtensions().records(16 << 10)));
    }

    @Test
    void refusesWhatIsNoTls() {
        for (var text : List.of(
                "GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n", "\0", "\u0080")) {
            assertInstanceOf(Parsed.NotTls.class, parse(text.getBytes(StandardCharsets.ISO_8859_1)), text);
        }
        byte[] sslV2 = {(byte) 0x80, 0x2e, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10};
        assertInstanceOf(Parsed.NotTls.class, parse(sslV2));
        byte[] alert = {21, 3, 1, 0, 2, 1, 0};
        assertInstanceOf(Parsed.NotTls.class, parse(alert));
        byte[] serverHello = {22, 3, 3, 0, 4, 2, 0, 0, 0};
        assertInstanceOf(Parsed.NotTls.class, parse(serverHello));
        byte[] emptyRecord = {22, 3, 1, 0, 0};
        assertInstanceOf(Parsed.NotTls.class, parse(emptyRecord));
        byte[] longRecord = {22, 3, 1, 0x40, 1};
        assertInstanceOf(Parsed.NotTls.class, parse(longRecord));
        byte[] longHello = {22, 3, 1, 0, 4, 1, 1, 0, 0};
        assertInstanceOf(Parsed.NotTls.class, parse(longHello));
    }

    @Test
    void refusesWhatTwoReadersCouldUnderstandDifferently() {
        refuses(new Hello().name("a.example").name("b.example"), "extension 0 twice");
        refuses(new Hello().extension(0, names("a.example", "b.example")), "more than one server name");
        refuses(new Hello().extension(0, new byte[] {0, 0}), "fields are longer");
        refuses(new Hello().extension(0, new byte[] {0, 4, 0, 0, 1, 'a', 0}), "bytes behind the server names");
        refuses(new Hello().extension(0, new byte[] {0, 4, 1, 0, 1, 'a'}), "no host name");
        refuses(new Hello().extension(0, new byte[] {0, 3, 0, 0, 0}), "a server name of 0 bytes");
        refuses(new Hello().name("a\0.example"), "not printable");
        refuses(new Hello().name("ä.example"), "not printable");
        refuses(new Hello().compression(1), "compression");
        refuses(new Hello().behind(), "bytes behind the extensions");
    }

    private static void refuses(Hello hello, String reason) {
        var refused = assertInstanceOf(Parsed.NotTls.class, parse(hello.records(16 << 10)), reason);
        assertEquals(true, refused.reason().contains(reason), refused.reason());
    }

    @Test
    void somethingElseBetweenItsRecordsIsNoHello() {
        var bytes = new Hello().name("a.example").recordsAfter(20);
        bytes[5 + 20] = 23;
        assertInstanceOf(Parsed.NotTls.class, parse(bytes));
    }

    @Test
    void aSecondMessageInItsRecordIsNoHello() {
        var message = new Hello().name("a.example").message();
        var bytes = record(Arrays.copyOf(message, message.length + 1));
        assertInstanceOf(Parsed.NotTls.class, parse(bytes));
    }

    @Test
    void whateverComesItIsReadInTimeAndWithoutFailing() {
        var seeds = List.of(
                new Hello().name("a.example").alpn("h2").grease().ech().tls13().records(16 << 10),
                new Hello().name("a.example").alpn("h2").tls13().records(50),
                new Hello().withoutExtensions().records(16 << 10));
        var random = new Random(SEED);
        assertTimeout(FUZZ_WAIT, () -> {
            for (int i = 0; i < FUZZED; i++) {
                var bytes = seeds.get(random.nextInt(seeds.size())).clone();
                for (int change = random.nextInt(4); change >= 0; change--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
                var parsed = ClientHello.parse(bytes, length);
                if (parsed instanceof Parsed.Hello(var name)) {
                    name.ifPresent(text -> assertEquals(text.strip(), text));
                }
            }
        });
    }

    private static void everyPrefixIsIncomplete(byte[] bytes) {
        for (int length = 0; length < bytes.length; length++) {
            assertInstanceOf(Parsed.Incomplete.class, ClientHello.parse(bytes, length), "of " + length + " bytes");
        }
    }

    private static byte[] names(String... names) {
        var list = new ByteArrayOutputStream();
        for (var name : names) {
            var bytes = name.getBytes(StandardCharsets.ISO_8859_1);
            list.write(0);
            list.writeBytes(sized(bytes));
        }
        return sized(list.toByteArray());
    }

    private static byte[] sized(byte[] bytes) {
        return ByteBuffer.allocate(2 + bytes.length)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] record(byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) 22)
                .put((byte) 3)
                .put((byte) 1)
                .put(sized(payload))
                .array();
    }

    /// Makes hellos, right and wrong ones.
    private static final class Hello {
        private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        private boolean none;
        private boolean behind;
        private int compression;

        Hello extension(int type, byte[] content) {
            extensions.write(type >> 8);
            extensions.write(type);
            extensions.writeBytes(sized(content));
            return this;
        }

        Hello name(String name) {
            return extension(0, names(name));
        }

        Hello alpn(String protocol) {
            var bytes = protocol.getBytes(StandardCharsets.US_ASCII);
            var list = ByteBuffer.allocate(1 + bytes.length)
                    .put((byte) bytes.length)
                    .put(bytes);
            return extension(16, sized(list.array()));
        }

        Hello grease() {
            return extension(GREASE, new byte[0]).extension(0xfafa, new byte[] {0});
        }

        Hello ech() {
            return extension(0xfe0d, new byte[200]);
        }

        Hello tls13() {
            return extension(43, new byte[] {6, 0x0a, 0x0a, 3, 4, 3, 3});
        }

        Hello padding(int length) {
            return extension(51, new byte[length]);
        }

        Hello withoutExtensions() {
            none = true;
            return this;
        }

        Hello behind() {
            behind = true;
            return this;
        }

        Hello compression(int method) {
            compression = method;
            return this;
        }

        byte[] message() {
            var body = new ByteArrayOutputStream();
            body.write(3);
            body.write(3);
            body.writeBytes(new byte[32]);
            body.write(32);
            body.writeBytes(new byte[32]);
            body.writeBytes(sized(new byte[] {0x0a, 0x0a, 0x13, 1}));
            body.write(1);
            body.write(compression);
            if (!none) {
                body.writeBytes(sized(extensions.toByteArray()));
            }
            if (behind) {
                body.write(0);
            }
            return ByteBuffer.allocate(4 + body.size())
                    .putInt(1 << 24 | body.size())
                    .put(body.toByteArray())
                    .array();
        }

        byte[] records(int max) {
            var message = message();
            var all = new ByteArrayOutputStream();
            for (int at = 0; at < message.length; at += max) {
                all.writeBytes(record(Arrays.copyOfRange(message, at, Math.min(message.length, at + max))));
            }
            return all.toByteArray();
        }

        byte[] recordsAfter(int first) {
            var message = message();
            var all = new ByteArrayOutputStream();
            all.writeBytes(record(Arrays.copyOf(message, first)));
            all.writeBytes(record(Arrays.copyOfRange(message, first, message.length)));
            return all.toByteArray();
        }
    }
}
