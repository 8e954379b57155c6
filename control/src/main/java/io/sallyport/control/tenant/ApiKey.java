package io.sallyport.control.tenant;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// The secret of an API key: 40 hexadecimal digits. Written behind `spk_` or, for clients that insist, `e2b_`.
///
/// Prints redacted. Stored only as [#hash()].
public record ApiKey(String secret) {
    private static final Pattern TEXT = Pattern.compile("(?:spk|e2b)_([0-9a-f]{40})");
    private static final int RANDOM_BYTES = 20;

    public ApiKey {
        if (!secret.matches("[0-9a-f]{40}")) {
            throw new IllegalArgumentException("API key secret (expected: 40 hexadecimal digits)");
        }
    }

    public static ApiKey random() {
        var bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new ApiKey(HexFormat.of().formatHex(bytes));
    }

    public static Optional<ApiKey> parse(String text) {
        var matcher = TEXT.matcher(text);
        return matcher.matches() ? Optional.of(new ApiKey(matcher.group(1))) : Optional.empty();
    }

    /// The key as our own clients write it.
    public String text() {
        return "spk_" + secret;
    }

    /// What is stored: SHA-256 over the secret. 160 random bits need no slower function.
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(HexFormat.of().parseHex(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "ApiKey[set]";
    }
}
