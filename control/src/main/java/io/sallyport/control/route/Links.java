package io.sallyport.control.route;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs the tokens of links and reads them. Pure but for the random ids.
///
/// `{key}.{id}.{expiry}.{mac}`: which key signed, which link it is (so that one can be revoked), when it ends
/// (seconds since 1970) and HMAC-SHA-256 over these, the sandbox and the port.
public final class Links {
    private static final String HMAC = "HmacSHA256";
    private static final Pattern TOKEN =
            Pattern.compile("([0-9a-f]{8})\\.([A-Za-z0-9_-]{16})\\.([0-9]{1,12})\\.([A-Za-z0-9_-]{43})");
    private static final int ID_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final String keyId;

    /// A signer.
    ///
    /// @param key 32 bytes
    public Links(byte[] key) {
        this.key = new SecretKeySpec(key, HMAC);
        this.keyId = HexFormat.of().formatHex(mac("key id"), 0, 4);
    }

    /// A token that is what it says it is. Whether the link was revoked is another question.
    public record Read(String id, Instant expiresAt) {}

    public static String newId() {
        var bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    public String sign(String id, SandboxId sandbox, Port port, Instant expiresAt) {
        var said = keyId + "." + id + "." + expiresAt.getEpochSecond();
        return said + "." + BASE64.encodeToString(mac(said + "." + sandbox + "." + port));
    }

    /// Reads a token shown for a port; empty when it was not signed for it, or is over.
    public Optional<Read> read(String token, SandboxId sandbox, Port port, Instant now) {
        var matcher = TOKEN.matcher(token);
        if (!matcher.matches() || !matcher.group(1).equals(keyId)) {
            return Optional.empty();
        }
        var expiresAt = Instant.ofEpochSecond(Long.parseLong(matcher.group(3)));
        var genuine = sign(matcher.group(2), sandbox, port, expiresAt);
        boolean same = MessageDigest.isEqual(
                genuine.getBytes(StandardCharsets.US_ASCII), token.getBytes(StandardCharsets.US_ASCII));
        return same && now.isBefore(expiresAt) ? Optional.of(new Read(matcher.group(2), expiresAt)) : Optional.empty();
    }

    private byte[] mac(String text) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }
}
