package io.sallyport.control.egress;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals secrets with the operator's key, so that who reads the database alone learns none.
///
/// A sealed value is one byte of format, [#NONCE_BYTES] of nonce, then AES-256-GCM's output. What the value belongs
/// to is authenticated with it: in another row, or in its own with another host in it, it does not open.
///
/// - **Threads**: any.
/// - **Limits**: nonces are random, so one key is good for 2³² values.
///
/// @spec https://csrc.nist.gov/pubs/sp/800/38/d/final NIST SP 800-38D §8.2.2
public final class Sealed {
    /// The key's length.
    public static final int KEY_BYTES = 32;

    private static final byte FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    /// A seal.
    ///
    /// @param key [#KEY_BYTES] long
    public Sealed(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("secrets key: " + key.length + " bytes (expected: " + KEY_BYTES + ")");
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    /// It was sealed with another key or for something else, or was changed.
    public static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /// Seals a value.
    ///
    /// @param belongsTo what must be the same when it is opened; each part counts, and where it ends
    public byte[] seal(byte[] value, String... belongsTo) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, belongsTo).doFinal(value);
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORMAT)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + CIPHER, e);
        }
    }

    /// The value again.
    public byte[] open(byte[] sealed, String... belongsTo) throws BrokenException {
        if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / Byte.SIZE || sealed[0] != FORMAT) {
            throw new BrokenException("not a sealed value");
        }
        var nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, belongsTo)
                    .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw new BrokenException("sealed with another key, or for something else");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + CIPHER, e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String... belongsTo) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        for (var part : belongsTo) {
            var bytes = part.getBytes(StandardCharsets.UTF_8);
            cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            cipher.updateAAD(bytes);
        }
        return cipher;
    }
}
