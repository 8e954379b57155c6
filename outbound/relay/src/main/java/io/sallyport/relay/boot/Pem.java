package io.sallyport.relay.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Certificates as text. Pure.
///
/// @spec https://www.rfc-editor.org/info/rfc7468 RFC 7468
final class Pem {
    static final int CERTIFICATES_MAX = 64;

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private Pem() {}

    /// The certificates of the gateway, in DER. Strict, because processes are about to trust them: blocks of
    /// certificates and nothing between them, each of which parses.
    static List<byte[]> authorities(byte[] text) throws IOException {
        var certificates = new ArrayList<byte[]>();
        StringBuilder block = null;
        for (var untrimmed : new String(text, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            var line = untrimmed.strip();
            if (block == null) {
                if (line.equals(BEGIN)) {
                    block = new StringBuilder();
                } else if (!line.isEmpty()) {
                    throw new IOException("not only certificates (expected: " + BEGIN + ")");
                }
            } else if (line.equals(END)) {
                certificates.add(parsed(block.toString()));
                block = null;
            } else {
                block.append(line);
            }
        }
        if (block != null) {
            throw new IOException("certificate " + certificates.size() + " is cut off");
        }
        if (certificates.isEmpty() || certificates.size() > CERTIFICATES_MAX) {
            throw new IOException(
                    certificates.size() + " certificates (expected: 1 to " + CERTIFICATES_MAX + " of them)");
        }
        return certificates;
    }

    private static byte[] parsed(String base64) throws IOException {
        try {
            var der = Base64.getDecoder().decode(base64);
            var stream = new ByteArrayInputStream(der);
            CertificateFactory.getInstance("X.509").generateCertificate(stream);
            if (stream.available() > 0) {
                throw new IOException("there is more behind a certificate");
            }
            return der;
        } catch (IllegalArgumentException | CertificateException e) {
            throw new IOException("a certificate that does not parse: " + e.getMessage());
        }
    }

    /// The certificates of a system's bundle, in DER, unparsed. What is none is passed over.
    static List<byte[]> lenient(byte[] text) {
        var certificates = new ArrayList<byte[]>();
        var all = new String(text, StandardCharsets.ISO_8859_1);
        int begin = all.indexOf(BEGIN);
        while (begin >= 0) {
            int from = begin + BEGIN.length();
            int end = all.indexOf(END, from);
            if (end < 0) {
                break;
            }
            try {
                certificates.add(Base64.getMimeDecoder().decode(all.substring(from, end)));
            } catch (IllegalArgumentException e) {
                // It is none.
            }
            begin = all.indexOf(BEGIN, end);
        }
        return certificates;
    }
}
