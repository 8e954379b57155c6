package io.sallyport.control.sandbox;

import io.sallyport.kit.SandboxId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Derives a sandbox's tokens from its id and the installation's seed, so that none has to be stored.
///
/// Source: reference/sandbox-api.md §2.4.
public final class AccessTokens {
    private static final String HMAC = "HmacSHA256";
    private static final String TRAFFIC = "traffic ";
    private static final String EGRESS = "egress ";
    private static final String LINKS = "links";

    private final SecretKeySpec seed;

    public AccessTokens(byte[] seed) {
        this.seed = new SecretKeySpec(seed, HMAC);
    }

    /// What opens the guest daemon's door.
    public String guest(SandboxId sandbox) {
        return HexFormat.of().formatHex(derive(sandbox.text()));
    }

    /// What opens all ports of a private sandbox from outside.
    public String traffic(SandboxId sandbox) {
        return HexFormat.of().formatHex(derive(TRAFFIC + sandbox.text()));
    }

    /// What a sandbox's relay shows to the egress gateway.
    ///
    /// @param epoch which of the sandbox's tokens
    public String egress(SandboxId sandbox, long epoch) {
        return HexFormat.of().formatHex(derive(EGRESS + epoch + " " + sandbox.text()));
    }

    /// What signed links are signed with.
    public byte[] linkKey() {
        return derive(LINKS);
    }

    private byte[] derive(String purpose) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(seed);
            return mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }
}
