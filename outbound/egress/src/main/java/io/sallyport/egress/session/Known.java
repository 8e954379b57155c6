package io.sallyport.egress.session;

import io.sallyport.egress.intercept.PermittedHosts;
import io.sallyport.egress.intercept.Terms;
import io.sallyport.rpc.egress.EgressSession;
import io.sallyport.rpc.egress.policy.CompiledPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A running sandbox as the control plane has described it, ready to decide by. Immutable.
///
/// @param terms its policy in the form that decides, and its credentials
/// @param permitted the hosts that may be looked into under these terms
public record Known(EgressSession session, Terms terms, PermittedHosts permitted) {
    Known(EgressSession session, Terms terms) {
        this(session, terms, Interception.permitted(terms));
    }

    public CompiledPolicy policy() {
        return terms.policy();
    }

    /// Whether this is its token. Takes as long for any token that is not.
    public boolean isToken(String token) {
        byte[] given = sha256(token).getBytes(StandardCharsets.US_ASCII);
        byte[] expected = session.tokenHash().getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(given, expected);
    }

    private static String sha256(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
