package io.sallyport.egress.intercept;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What browsers ask of certificates beyond what the JDK does: no SHA-1 and no short keys. Pure.
///
/// @spec https://cabforum.org/working-groups/server/baseline-requirements/ Baseline Requirements §6.1.5, §7.1.3
final class StrongAlgorithms implements AlgorithmConstraints {
    private static final int RSA_BITS_MIN = 2048;
    private static final int EC_BITS_MIN = 256;

    @Override
    public boolean permits(
            Set<CryptoPrimitive> primitives, String algorithm, @Nullable AlgorithmParameters parameters) {
        var name = algorithm.toUpperCase(Locale.ROOT);
        return !(name.startsWith("SHA1WITH") || name.startsWith("MD5WITH") || name.startsWith("MD2WITH"));
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS_MIN;
            case ECKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS_MIN;
            case DSAKey dsa -> false;
            default -> true;
        };
    }

    @Override
    public boolean permits(
            Set<CryptoPrimitive> primitives, String algorithm, Key key, @Nullable AlgorithmParameters parameters) {
        return permits(primitives, algorithm, parameters) && permits(primitives, key);
    }
}
