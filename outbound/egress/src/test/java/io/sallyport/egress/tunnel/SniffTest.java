package io.sallyport.egress.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.Host;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a client speaks, and whom it asks for.
final class SniffTest {
    @ParameterizedTest
    @CsvSource({
        "'', UNDECIDED",
        "G, UNDECIDED",
        "GET, UNDECIDED",
        "'GET /', HTTP",
        "'PRI * HTTP/2.0', HTTP",
        "P, UNDECIDED",
        "'PING', OTHER",
        "'HEL', OTHER",
        "'HE', UNDECIDED",
        "'HELO x', OTHER",
        "'get / HTTP/1.1', OTHER",
        "'SSH-2.0', OTHER",
    })
    void tellsHttpFromTheRest(String text, Sniff expected) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(expected, Sniff.of(bytes, bytes.length));
    }

    @Test
    void takesAHandshakeForTls() {
        assertEquals(Sniff.TLS, Sniff.of(new byte[] {22, 3, 1}, 3));
        assertEquals(Sniff.OTHER, Sniff.of(new byte[] {(byte) 0x80, 46, 1}, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "a.com, a.com, ''",
        "a.com, A.com., ''",
        "a.com, '', SNI_MISSING",
        "a.com, b.com, SNI_MISMATCH",
        "a.com, a.com.evil.com, SNI_MISMATCH",
        "a.com, '*.com', SNI_MISMATCH",
        "8.8.8.8, '', ''",
        "8.8.8.8, 8.8.8.8, ''",
        "8.8.8.8, a.com, SNI_MISMATCH",
        "8.8.8.8, 8.8.4.4, SNI_MISMATCH",
    })
    void wantsTheNameThatWasAskedFor(String asked, String named, String expected) {
        var found =
                Sni.check(Host.parse(asked).orElseThrow(), Optional.of(named).filter(name -> !name.isEmpty()));
        assertEquals(expected, found.map(EgressReason::name).orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "a.com:443, '', false, https",
        "a.com:443, tcp, true, tcp",
        "a.com:80, '', false, http https tcp",
        "a.com:80, '', true, http https tcp",
        "a.com:80, http, true, http",
        "a.com:22, '', false, https http tcp",
        "a.com:8443, '', true, https",
    })
    void expectsWhatThePortIsFor(String to, String said, boolean lookedInto, String expected) {
        var candidates = Scheme.candidates(
                Optional.of(said).filter(scheme -> !scheme.isEmpty()),
                Destination.parseAuthority(to).orElseThrow(),
                lookedInto);
        assertEquals(List.of(expected.split(" ")), candidates);
    }
}
