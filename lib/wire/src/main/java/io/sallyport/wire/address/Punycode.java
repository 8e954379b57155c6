package io.sallyport.wire.address;

/// Whether the rest of an `xn--` label stands for something. Pure.
///
/// @spec https://www.rfc-editor.org/info/rfc3492 RFC 3492 §6.2
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 128;

    private Punycode() {}

    /// Whether it decodes to code points that a name may have, at least one of them outside of ASCII. The text is
    /// lower case.
    static boolean isValid(String text) {
        int delimiter = text.lastIndexOf('-');
        int at = delimiter + 1;
        int points = Math.max(delimiter, 0);
        if (delimiter == 0 || at == text.length()) {
            return false;
        }
        long n = INITIAL_N;
        long i = 0;
        int bias = INITIAL_BIAS;
        while (at < text.length()) {
            long before = i;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                int digit = at < text.length() ? digit(text.charAt(at++)) : -1;
                if (digit < 0) {
                    return false;
                }
                i += digit * weight;
                int threshold = Math.clamp(k - bias, T_MIN, T_MAX);
                if (i > Integer.MAX_VALUE) {
                    return false;
                }
                if (digit < threshold) {
                    break;
                }
                weight *= BASE - threshold;
            }
            points++;
            bias = adapt(i - before, points, before == 0);
            n += i / points;
            i = i % points + 1;
            if (!isInName(n)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInName(long point) {
        return point <= Character.MAX_CODE_POINT
                && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                && !Character.isISOControl((int) point);
    }

    private static int digit(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        return c >= '0' && c <= '9' ? c - '0' + 26 : -1;
    }

    private static int adapt(long distance, int points, boolean first) {
        long delta = first ? distance / DAMP : distance / 2;
        delta += delta / points;
        int k = 0;
        while (delta > ((BASE - T_MIN) * T_MAX) / 2) {
            delta /= BASE - T_MIN;
            k += BASE;
        }
        return (int) (k + (BASE - T_MIN + 1) * delta / (delta + SKEW));
    }
}
