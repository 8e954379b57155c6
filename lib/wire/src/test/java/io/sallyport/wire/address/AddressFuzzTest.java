package io.sallyport.wire.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.IDN;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Inputs made from what addresses are made of, always the same ones.
final class AddressFuzzTest {
    private static final long SEED = 4_202;
    private static final int INPUTS = 300_000;
    private static final String[] PIECES = {
        "a", "com", ".", ".", ".", ":", ":", "::", "[", "]", "443", "0", "1", "255", "256", "0x", "f", "ffff", "169",
        "254", "-", "_", "xn--", "fa-hia", "%", "/", "@", "*", "é", "\0", " ", "A", "[::", "1.2.3.4", ":443", "a.com",
        "64:ff9b"
    };

    @Test
    void whatIsReadHasASpellingThatIsReadAsTheSame() {
        var random = new Random(SEED);
        int read = 0;
        for (int i = 0; i < INPUTS; i++) {
            var text = text(random);
            var destination = Destination.parseAuthority(text);
            destination.ifPresent(seen ->
                    assertEquals(seen, Destination.parseAuthority(seen.text()).orElseThrow()));
            Host.parse(text)
                    .ifPresent(
                            host -> assertEquals(host, Host.parse(host.text()).orElseThrow()));
            IpBlock.parse(text + "/" + random.nextInt(140))
                    .ifPresent(block ->
                            assertEquals(block, IpBlock.parse(block.text()).orElseThrow()));
            read += destination.isPresent() ? 1 : 0;
        }
        assertTrue(read > INPUTS / 200, read + " read");
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int pieces = 1 + random.nextInt(8); pieces > 0; pieces--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return random.nextInt(3) == 0 ? text + ":443" : text.toString();
    }

    /// The JDK as the other reader: of an address' text both must make the same bytes.
    @Test
    void everyAddressIsReadAsTheJdkReadsIt() throws Exception {
        var random = new Random(SEED);
        for (int i = 0; i < INPUTS / 3; i++) {
            var bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int zeros = random.nextInt(bytes.length + 1); zeros > 0; zeros--) {
                bytes[random.nextInt(bytes.length)] = 0;
            }
            var address = IpAddress.of(bytes);
            assertEquals(address, IpAddress.parse(address.text()).orElseThrow());
            assertEquals(InetAddress.getByAddress(bytes), InetAddress.getByName(address.text()));
            assertEquals(
                    address,
                    IpAddress.parse(InetAddress.getByAddress(bytes).getHostAddress())
                            .filter(read -> read.bits() == address.bits())
                            .orElse(address));
        }
    }

    /// The JDK as the other reader.
    @Test
    void takesEveryLabelThatStandsForLetters() {
        var random = new Random(SEED);
        for (int i = 0; i < INPUTS / 30; i++) {
            var label = new StringBuilder();
            for (int letters = 1 + random.nextInt(6); letters > 0; letters--) {
                label.appendCodePoint(
                        random.nextBoolean() ? 'a' + random.nextInt(26) : 0x4e00 + random.nextInt(0x5000));
            }
            label.append('中');
            var ascii = IDN.toASCII(label.toString()).toLowerCase(Locale.ROOT);
            assertTrue(HostName.parse(ascii).isPresent(), ascii);
        }
    }
}
