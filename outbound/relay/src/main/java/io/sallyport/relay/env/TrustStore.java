package io.sallyport.relay.env;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A PKCS #12 file of trusted certificates, without encryption and password, as Java reads it. Pure.
///
/// Written by hand because the keystore of Java wants every certificate parsed, which for all public authorities
/// costs a small JVM more than the rest of its start.
///
/// @spec https://www.rfc-editor.org/info/rfc7292 RFC 7292 §4
public final class TrustStore {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int EXPLICIT_0 = 0xa0;
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int OBJECT_ID = 0x06;
    private static final int BMP_STRING = 0x1e;

    private static final int LONG_FORM = 0x80;
    private static final byte[] VERSION = {3};
    private static final byte[] DATA = objectId(1, 2, 840, 113549, 1, 7, 1);
    private static final byte[] CERT_BAG = objectId(1, 2, 840, 113549, 1, 12, 10, 1, 3);
    private static final byte[] X509 = objectId(1, 2, 840, 113549, 1, 9, 22, 1);
    private static final byte[] FRIENDLY_NAME = objectId(1, 2, 840, 113549, 1, 9, 20);

    /// Java's own: without it a certificate in such a file is not trusted.
    private static final byte[] TRUSTED_KEY_USAGE = objectId(2, 16, 840, 1, 113894, 746875, 1, 1);

    private static final byte[] ANY_USAGE = objectId(2, 5, 29, 37, 0);

    private TrustStore() {}

    /// The file of these.
    ///
    /// @param certificates in DER
    public static byte[] of(List<byte[]> certificates) {
        var bags = new ByteArrayOutputStream();
        for (int i = 0; i < certificates.size(); i++) {
            bags.writeBytes(bag(certificates.get(i), "ca-" + i));
        }
        var contents = der(SEQUENCE, bags.toByteArray());
        var authenticated = der(SEQUENCE, dataContent(contents));
        return der(SEQUENCE, der(INTEGER, VERSION), dataContent(authenticated));
    }

    private static byte[] bag(byte[] certificate, String alias) {
        var value = der(SEQUENCE, X509, der(EXPLICIT_0, der(OCTETS, certificate)));
        var name = der(BMP_STRING, alias.getBytes(StandardCharsets.UTF_16BE));
        return der(
                SEQUENCE,
                CERT_BAG,
                der(EXPLICIT_0, value),
                der(
                        SET,
                        der(SEQUENCE, FRIENDLY_NAME, der(SET, name)),
                        der(SEQUENCE, TRUSTED_KEY_USAGE, der(SET, ANY_USAGE))));
    }

    private static byte[] dataContent(byte[] content) {
        return der(SEQUENCE, DATA, der(EXPLICIT_0, der(OCTETS, content)));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < LONG_FORM) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(LONG_FORM | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        }
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] objectId(int first, int second, int... rest) {
        var out = new ByteArrayOutputStream();
        out.write(40 * first + second);
        for (int arc : rest) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift != 0) {
                    out.write(LONG_FORM | (arc >>> shift & 0x7f));
                }
            }
            out.write(arc & 0x7f);
        }
        return der(OBJECT_ID, out.toByteArray());
    }
}
