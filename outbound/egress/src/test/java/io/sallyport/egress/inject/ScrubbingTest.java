package io.sallyport.egress.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.wire.http1.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScrubbingTest {
    private static final String VALUE = "sk-live+4f/9\"a&b\\c";
    private static final String PLACEHOLDER = "SALLY_PLACEHOLDER_1";
    private static final long SEED = 20_261_127;
    private static final int ROUNDS = 20_000;

    private final Scrubbing scrubbing = new Scrubbing(Map.of(VALUE, PLACEHOLDER));

    /// What the host writes for the value, as text before and behind it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-live+4f/9\"a&b\\c",
                "sk-live%2B4f%2F9%22a%26b%5Cc",
                "sk-live%2b4f%2f9%22a%26b%5cc",
                "sk-live+4f/9\\\"a&b\\\\c",
                "sk-live+4f\\/9\\\"a&b\\\\c",
                "sk-live+4f/9\\\"a\\u0026b\\\\c",
                "sk-live+4f/9&quot;a&amp;b\\c",
            })
    void findsEverySpelling(String spelled) throws IOException {
        var clean = scrub("{\"echo\":\"" + spelled + "\"}", 7);

        assertTrue(clean.startsWith("{\"echo\":\"SALLY_PLACEHOLDER_1"), clean);
        assertTrue(clean.endsWith("\"}"), clean);
        assertFalse(clean.contains("4f"), clean);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "user:", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void findsItInsideBase64WhereverItBegins(String before) throws IOException {
        for (var behind : List.of("", "!", "??", ":tail")) {
            var bytes = (before + VALUE + behind).getBytes(StandardCharsets.UTF_8);
            for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                var clean = scrub(encoder.encodeToString(bytes), 5);
                var decoded = decoded(clean);
                assertFalse(decoded.contains("live+4f"), decoded);
                assertTrue(decoded.contains("PLACEHOLDER"), decoded);
            }
        }
    }

    /// As much of it as decodes: what is put in is as long as it is.
    private static String decoded(String base64) {
        var plain = base64.replace("=", "").replace('-', '+').replace('_', '/');
        var whole = plain.substring(0, plain.length() / 4 * 4);
        return new String(Base64.getDecoder().decode(whole), StandardCharsets.ISO_8859_1);
    }

    @Test
    void cleansHeadersAndDropsOneThatIsNamedSo() {
        var token = new Scrubbing(Map.of("tok-12345", "PLACE"));
        var clean = token.headers(Headers.of(
                "Location", "https://b.example/?t=tok-12345", "X-tok-12345", "1", "Set-Cookie", "a=tok-12345; Path=/"));

        assertEquals(Headers.of("Location", "https://b.example/?t=PLACE", "Set-Cookie", "a=PLACE; Path=/"), clean);
    }

    @Test
    void aValueThatGoesOnLikeAShorterOneIsReplacedWhole() throws IOException {
        var both = new Scrubbing(Map.of("secret", "S", "secret-and-more", "L"));
        assertEquals("a L b S-and c", scrub(both, "a secret-and-more b secret-and c", 1));
    }

    /// Wherever each is bound: a host may give back by another name or port what it was sent.
    @Test
    void looksForEveryCredentialAndForWhatTransformsSayLiterally() throws Exception {
        var credentials = Credentials.of(List.of(
                new BoundSecret("a", "value-of-a", "PLACE-A", "a.example", "https", 443),
                new BoundSecret("a", "value-of-a", "PLACE-A", "b.example", "https", 443),
                new BoundSecret("b", "value-of-b", "", "b.example", "http", 8080)));
        var transform = new Transform(
                "c.example",
                Map.of(
                        "Authorization", "Bearer written-down",
                        "X-Key", "also-written",
                        "X-Mixed", "Key ${e2b.secrets.a}",
                        "X-Short", "Bearer 1234567",
                        "Accept", "application/json",
                        "X-GitHub-Api-Version", "2022-11-28"));
        var all = credentials.scrubbing(List.of(transform)).orElseThrow();

        assertEquals(
                "PLACE-A [removed] Bearer [removed] [removed]",
                scrub(all, "value-of-a value-of-b Bearer written-down also-written", 3));
        var kept = "Bearer Key 1234567 application/json 2022-11-28 ${e2b.secrets.a}";
        assertEquals(kept, scrub(all, kept, 3));
        assertTrue(Credentials.NONE.scrubbing(List.of()).isEmpty());
    }

    @Test
    void readsGzipWithSeveralMembersInSmallPieces() throws IOException {
        var first = gzip("one " + VALUE.substring(0, 9));
        var second = gzip(VALUE.substring(9) + " two");
        var all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        for (int piece = 1; piece < 40; piece++) {
            assertEquals(
                    "one SALLY_PLACEHOLDER_1 two", text(scrubbing.body(pieces(all, piece), Scrubbing.Coding.GZIP)));
        }
    }

    @Test
    void aGzipBodyThatIsCutOrFollowedByAnythingBreaks() throws IOException {
        var whole = gzip("some text that is long enough");
        for (int length = 0; length < whole.length; length++) {
            var cut = pieces(Arrays.copyOf(whole, length), 3);
            assertThrows(IOException.class, () -> text(scrubbing.body(cut, Scrubbing.Coding.GZIP)));
        }
        var longer = Arrays.copyOf(whole, whole.length + 4096);
        assertThrows(IOException.class, () -> text(scrubbing.body(pieces(longer, 512), Scrubbing.Coding.GZIP)));
    }

    @Test
    void knowsWhichCodingsItCanRead() {
        assertEquals(Scrubbing.Coding.IDENTITY, Scrubbing.codingOf(Headers.EMPTY));
        assertEquals(Scrubbing.Coding.IDENTITY, Scrubbing.codingOf(Headers.of("Content-Encoding", "identity")));
        assertEquals(Scrubbing.Coding.GZIP, Scrubbing.codingOf(Headers.of("content-encoding", "X-GZIP")));
        for (var other : List.of("br", "zstd", "deflate", "gzip, gzip", "gzip, br", "aes128gcm")) {
            assertEquals(Scrubbing.Coding.OTHER, Scrubbing.codingOf(Headers.of("Content-Encoding", other)));
        }
    }

    @Test
    void agreesWithANaiveSearchHoweverTheBodyIsCut() throws IOException {
        var random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            var replacements = new LinkedHashMap<String, String>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                replacements.put(word(random, random.nextInt(2, 8)), "<" + i + ">");
            }
            var text = word(random, random.nextInt(0, 60));
            var patterns = new Patterns(replacements.keySet().stream()
                    .map(one -> one.getBytes(StandardCharsets.ISO_8859_1))
                    .toList());

            assertEquals(naive(text, replacements), inPieces(random, patterns, text, replacements), text);
        }
    }

    private static String word(Random random, int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append("abc".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    private static String naive(String text, Map<String, String> replacements) {
        var out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            String longest = "";
            for (var one : replacements.keySet()) {
                if (text.startsWith(one, at) && one.length() > longest.length()) {
                    longest = one;
                }
            }
            out.append(longest.isEmpty() ? String.valueOf(text.charAt(at)) : replacements.get(longest));
            at += Math.max(1, longest.length());
        }
        return out.toString();
    }

    private static String inPieces(Random random, Patterns patterns, String text, Map<String, String> replacements) {
        var instead = List.copyOf(replacements.values());
        var out = new StringBuilder();
        var held = "";
        int at = 0;
        while (true) {
            int more = Math.min(random.nextInt(1, 9), text.length() - at);
            var piece = held + text.substring(at, at + more);
            at += more;
            boolean last = at == text.length();
            int settled = patterns.run(
                    piece.getBytes(StandardCharsets.ISO_8859_1), piece.length(), last, new Patterns.Output() {
                        @Override
                        public void other(byte[] bytes, int offset, int length) {
                            out.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
                        }

                        @Override
                        public void match(int pattern) {
                            out.append(instead.get(pattern));
                        }
                    });
            if (last) {
                assertEquals(piece.length(), settled);
                return out.toString();
            }
            held = piece.substring(settled);
            assertTrue(held.length() < 8, "held back: " + held);
        }
    }

    @Test
    void aGuardedConnectionBreaksBeforeTheWholeValueIsRead() throws IOException {
        for (int piece = 1; piece < 30; piece++) {
            var raw = new PieceConnection(("frame " + VALUE + " end").getBytes(StandardCharsets.ISO_8859_1), piece);
            var guarded = scrubbing.guard(raw);
            var seen = new ByteArrayOutputStream();
            var buffer = new byte[5];
            assertThrows(IOException.class, () -> {
                for (int n = guarded.read(buffer, 0, 5); n >= 0; n = guarded.read(buffer, 0, 5)) {
                    seen.write(buffer, 0, n);
                }
            });
            assertTrue(seen.size() < "frame ".length() + 4, seen.toString(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void aGuardedConnectionPassesEverythingElse() throws IOException {
        var random = new Random(SEED);
        var text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append(VALUE, 0, random.nextInt(VALUE.length())).append("~~");
        }
        var bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        var guarded = scrubbing.guard(new PieceConnection(bytes, 777));
        var seen = new ByteArrayOutputStream();
        var buffer = new byte[1000];
        for (int n = guarded.read(buffer, 0, 1000); n >= 0; n = guarded.read(buffer, 0, 1000)) {
            seen.write(buffer, 0, n);
        }
        assertEquals(text.toString(), seen.toString(StandardCharsets.ISO_8859_1));
    }

    /// Row 54: a bomb goes off only as fast as somebody reads it, and nothing of it is kept.
    @Test
    void aBombIsReadOnlyAsItsReaderAsks() throws IOException {
        int plain = 64 << 20;
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 64; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        var raw = new ByteArrayInputStream(packed.toByteArray());
        int before = raw.available();
        var body = scrubbing.body(raw, Scrubbing.Coding.GZIP);
        var piece = new byte[16 << 10];
        long read = body.read(piece, 0, piece.length);
        assertTrue(raw.available() > before / 2, "of " + before + " bytes are left: " + raw.available());
        for (int n = body.read(piece, 0, piece.length); n >= 0; n = body.read(piece, 0, piece.length)) {
            read += n;
        }
        assertEquals(plain, read);
    }

    private String scrub(String text, int piece) throws IOException {
        return scrub(scrubbing, text, piece);
    }

    private static String scrub(Scrubbing by, String text, int piece) throws IOException {
        return text(by.body(pieces(text.getBytes(StandardCharsets.UTF_8), piece), Scrubbing.Coding.IDENTITY));
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    /// A stream that gives a few bytes at a time.
    private static InputStream pieces(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(most, length));
            }
        };
    }

    @Test
    void saysNeitherValueNorPlaceholderAboutItself() {
        assertEquals("Scrubbing", scrubbing.toString());
    }
}
