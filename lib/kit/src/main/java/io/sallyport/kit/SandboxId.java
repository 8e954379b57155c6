package io.sallyport.kit;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;

/// The name of a sandbox: `cl-` and 25 base-36 characters that spell 128 random bits.
///
/// - **Limits**: exactly 28 characters; a number above 2^128 - 1 (`f5lxx1zz5pnorynqglhzmsp33`) is no id.
/// - **Source**: reference/forerunner.md §2.1 and weakness W-P14 (a decoder that overflowed).
public record SandboxId(String text) {
    public static final String PREFIX = "cl-";

    private static final int RADIX = 36;
    private static final int DIGITS = 25;
    private static final int BITS = 128;
    private static final String MOST = PREFIX + "f5lxx1zz5pnorynqglhzmsp33";
    private static final SecureRandom RANDOM = new SecureRandom();

    public SandboxId {
        if (!isValid(text)) {
            throw new IllegalArgumentException(
                    "sandbox id: " + text + " (expected: cl- and 25 of 0-9a-z, at most 128 bits)");
        }
    }

    public static SandboxId random() {
        var digits = new BigInteger(BITS, RANDOM).toString(RADIX);
        return new SandboxId(PREFIX + "0".repeat(DIGITS - digits.length()) + digits);
    }

    /// The id that `text` spells, or empty. Upper case is not accepted: fold host names before asking.
    public static Optional<SandboxId> parse(String text) {
        return isValid(text) ? Optional.of(new SandboxId(text)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        if (text.length() != PREFIX.length() + DIGITS || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'z';
            if (!digit && !letter) {
                return false;
            }
        }
        // Of two numbers with as many digits the greater is the later in the alphabet.
        return text.compareTo(MOST) <= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
