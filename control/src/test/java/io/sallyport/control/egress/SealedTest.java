package io.sallyport.control.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.control.egress.Sealed.BrokenException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SealedTest {
    private static final byte[] VALUE = "sk-live-0123456789".getBytes(UTF_8);
    private static final String[] PLACE = {"team", "name", "https://api.example.com:443"};

    private final Sealed seal = new Sealed(key(1));

    @Test
    void opensWhatItSealed() throws Exception {
        assertArrayEquals(VALUE, seal.open(seal.seal(VALUE, PLACE), PLACE));
        assertArrayEquals(new byte[0], seal.open(seal.seal(new byte[0], PLACE), PLACE));
    }

    @Test
    void theSameValueNeverLooksTheSame() {
        assertFalse(Arrays.equals(seal.seal(VALUE, PLACE), seal.seal(VALUE, PLACE)));
    }

    @Test
    void doesNotOpenForAnotherHostTeamOrName() {
        var sealed = seal.seal(VALUE, PLACE);
        for (int i = 0; i < PLACE.length; i++) {
            var other = PLACE.clone();
            other[i] += "x";
            assertThrows(BrokenException.class, () -> seal.open(sealed, other));
        }
    }

    @Test
    void whereOnePartEndsAndTheNextBeginsCounts() {
        var sealed = seal.seal(VALUE, "ab", "c");
        assertThrows(BrokenException.class, () -> seal.open(sealed, "a", "bc"));
        assertThrows(BrokenException.class, () -> seal.open(sealed, "abc"));
    }

    @Test
    void doesNotOpenWithAnotherKey() {
        var sealed = seal.seal(VALUE, PLACE);
        assertThrows(BrokenException.class, () -> new Sealed(key(2)).open(sealed, PLACE));
    }

    @Test
    void refusesEveryChangedBitAndEveryCutEnd() {
        var sealed = seal.seal(VALUE, PLACE);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            var changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThrows(BrokenException.class, () -> seal.open(changed, PLACE));
        }
        for (int length = 0; length < sealed.length; length++) {
            var cut = Arrays.copyOf(sealed, length);
            assertThrows(BrokenException.class, () -> seal.open(cut, PLACE));
        }
    }

    @Test
    void refusesAKeyOfAnotherLength() {
        assertThrows(IllegalArgumentException.class, () -> new Sealed(new byte[16]));
    }

    private static byte[] key(int seed) {
        var key = new byte[Sealed.KEY_BYTES];
        new Random(seed).nextBytes(key);
        return key;
    }
}
