package io.sallyport.egress.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.RequestHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InjectionTest {
    private static final String PLACEHOLDER = "SALLY{pl-ace+1}";
    private static final String VALUE = "real-value-42";
    private static final Destination HERE = destination("api.example.com:443");
    private static final Optional<Transform> TRANSFORM =
            Optional.of(new Transform("api.example.com", Map.of("X-Api-Key", "Key ${e2b.secrets.key}")));

    private final Credentials credentials = credentials(bound("key", VALUE, PLACEHOLDER, "api.example.com"));

    private static Destination destination(String authority) {
        return Destination.parseAuthority(authority).orElseThrow();
    }

    private static BoundSecret bound(String name, String value, String placeholder, String host) {
        return new BoundSecret(name, value, placeholder, host, "https", 443);
    }

    private static Credentials credentials(BoundSecret... secrets) {
        try {
            return Credentials.of(List.of(secrets));
        } catch (CredentialException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void replacesEveryHeaderThatTheTransformSets() throws MisusedException {
        var filled = Injection.fill(
                get("/", "x-api-key", "mine", "Accept", "*/*", "X_Api_Key", "twin", "X-API-KEY", PLACEHOLDER),
                HERE,
                "https",
                TRANSFORM,
                credentials);

        assertEquals(
                Headers.of("Accept", "*/*", "X-Api-Key", "Key " + VALUE),
                filled.head().headers());
        assertEquals(List.of("key"), filled.used());
    }

    @Test
    void aTransformSaysNothingAboutHowAMessageIsSent() throws MisusedException {
        var framing = Optional.of(new Transform(
                "api.example.com",
                Map.of("Content-Length", "5", "Transfer_Encoding", "chunked", "HOST", "evil.example")));
        var filled = Injection.fill(get("/", "A", "b"), HERE, "https", framing, credentials);

        assertEquals(Headers.of("A", "b"), filled.head().headers());
    }

    @Test
    void replacesPlaceholdersInHeaderValuesAndInsideBasic() throws MisusedException {
        var basic = Base64.getEncoder().encodeToString(("git:" + PLACEHOLDER).getBytes(StandardCharsets.UTF_8));
        var filled = Injection.fill(
                get(
                        "/",
                        "Authorization",
                        "bAsic " + basic,
                        "X-Api-Key",
                        "a=1; t=" + PLACEHOLDER + "; b=" + PLACEHOLDER),
                HERE,
                "https",
                Optional.empty(),
                credentials);

        var expected = Base64.getEncoder().encodeToString(("git:" + VALUE).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                Headers.of("Authorization", "bAsic " + expected, "X-Api-Key", "a=1; t=" + VALUE + "; b=" + VALUE),
                filled.head().headers());
        assertEquals(List.of("key"), filled.used());
    }

    /// Rows 61 and 62: not to another host, a subdomain, another port, another scheme.
    @ParameterizedTest
    @CsvSource({
        "other.example:443,https",
        "sub.api.example.com:443,https",
        "example.com:443,https",
        "api.example.com:8443,https",
        "api.example.com:443,http",
        "api.example.com:80,http",
        "192.0.2.1:443,https"
    })
    void nothingLeavesForWhereItIsNotBound(String authority, String scheme) {
        var elsewhere = destination(authority);
        for (var request : List.of(
                get("/", "Authorization", "Bearer " + PLACEHOLDER),
                get("/", "Authorization", "Basic " + base64("u:" + PLACEHOLDER)))) {
            assertMisused(request, elsewhere, scheme, Optional.empty());
        }
        assertMisused(get("/"), elsewhere, scheme, TRANSFORM);
    }

    /// Row 61: where it may not stand, also on the way to its own host.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/SALLY{pl-ace+1}",
                "/?key=SALLY{pl-ace+1}",
                "/?key=SALLY%7Bpl-ace%2B1%7D",
                "/?key=SALLY%7bpl-ace%2b1%7d"
            })
    void aPlaceholderInTheTargetIsAMisuse(String target) {
        assertMisused(get(target), HERE, "https", Optional.empty());
    }

    /// What a host may store and show to somebody else, also to this sandbox by another name or port.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie",
                "User-Agent",
                "Referer",
                "X-Amz-Meta-Note",
                "X-Forwarded-For",
                "X_Api_Key",
                "Api_Key",
                "Proxy-Authorization",
                "X-Other"
            })
    void aPlaceholderInAHeaderThatCarriesNoCredentialIsAMisuse(String name) {
        assertMisused(get("/", name, "a=" + PLACEHOLDER), HERE, "https", Optional.empty());
    }

    @Test
    void eachHeaderIsFilledOnce() throws MisusedException {
        assertMisused(
                get("/", "Authorization", PLACEHOLDER, "authorization", "Bearer " + PLACEHOLDER),
                HERE,
                "https",
                Optional.empty());
        var two = get("/", "DD-API-KEY", PLACEHOLDER, "dd-application-key", PLACEHOLDER, "DD-API-KEY", "mine");
        assertEquals(
                Headers.of("DD-API-KEY", VALUE, "dd-application-key", VALUE, "DD-API-KEY", "mine"),
                Injection.fill(two, HERE, "https", Optional.empty(), credentials)
                        .head()
                        .headers());
    }

    @Test
    void aPlaceholderInAHeadersNameOrInAnotherEncodingIsAMisuse() {
        var plain = credentials(bound("key", VALUE, "SALLY-plain", "api.example.com"));
        assertThrows(
                MisusedException.class,
                () -> Injection.fill(get("/", "X-SALLY-plain", "1"), HERE, "https", Optional.empty(), plain));
        for (var value : List.of(base64("xy" + PLACEHOLDER), "SALLY%7Bpl-ace%2B1%7D")) {
            for (var name : List.of("X-Other", "X-Api-Key", "Authorization")) {
                assertMisused(get("/", name, value), HERE, "https", Optional.empty());
            }
        }
    }

    @Test
    void aBodyBreaksOffWhereThePlaceholderIsHoweverItIsCut() {
        for (var spelled : List.of(PLACEHOLDER, "SALLY%7Bpl-ace%2B1%7D", base64("a" + PLACEHOLDER + "b"))) {
            for (int piece = 1; piece < 40; piece++) {
                int most = piece;
                var bytes = ("{\"q\":\"" + spelled + "\"}").getBytes(StandardCharsets.UTF_8);
                var body = new ByteArrayInputStream(bytes) {
                    @Override
                    public synchronized int read(byte[] into, int offset, int length) {
                        return super.read(into, offset, Math.min(most, length));
                    }
                };
                var watched = Injection.body(body, credentials);
                var misused = assertThrows(MisusedException.class, () -> {
                    for (int n = watched.read(new byte[64], 0, 64); n >= 0; n = watched.read(new byte[64], 0, 64)) {
                        assertFalse(n == 0);
                    }
                });
                assertEquals("key", misused.credential());
            }
        }
    }

    @Test
    void otherBodiesPassUnchanged() throws IOException {
        var text = "SALLY{pl-ace+".repeat(3_000) + "SALLY{pl-ace+2}";
        var body = Injection.body(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), credentials);
        assertEquals(text, new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void trailersLoseWhatATransformSetsAndPlaceholders() {
        var trailers = Headers.of("X-Sum", "1", "x_api_key", "mine", "X-Other", PLACEHOLDER);
        assertEquals(Headers.of("X-Sum", "1"), Injection.trailers(trailers, TRANSFORM, credentials));
    }

    @Test
    void whatIsFilledInIsNotLookedAtAgain() throws MisusedException {
        var nested = credentials(
                bound("a", "[" + "PLACE-B" + "]", "PLACE-A", "api.example.com"),
                bound("b", VALUE, "PLACE-B", "api.example.com"));
        var filled = Injection.fill(get("/", "Api-Key", "PLACE-A"), HERE, "https", Optional.empty(), nested);
        assertEquals(Headers.of("Api-Key", "[PLACE-B]"), filled.head().headers());
    }

    @Test
    void oneNameBoundToTwoHostsGivesEachItsOwn() throws MisusedException {
        var two = credentials(
                bound("key", "for-other", PLACEHOLDER, "other.example"),
                bound("key", VALUE, PLACEHOLDER, "api.example.com"));
        var filled = Injection.fill(get("/", "Api-Key", PLACEHOLDER), HERE, "https", TRANSFORM, two);
        assertEquals(
                Headers.of("Api-Key", VALUE, "X-Api-Key", "Key " + VALUE),
                filled.head().headers());
    }

    /// Row 59.
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\0b", "\u0007", "sn\u2603w", "a\u0085b", " a", "a ", ""})
    void refusesValuesThatNoHeaderCanHave(String value) {
        var failure = assertThrows(
                CredentialException.class,
                () -> Credentials.of(List.of(bound("key", value, PLACEHOLDER, "api.example.com"))));
        assertFalse(value.strip().length() > 1
                && String.valueOf(failure.getMessage()).contains(value.strip()));
    }

    @ParameterizedTest
    @CsvSource({"*.example.com,https,443", "a b,https,443", "api.example.com,tcp,443", "'',https,443"})
    void refusesBindingsThatAreNone(String host, String scheme, int port) {
        assertThrows(
                CredentialException.class,
                () -> Credentials.of(List.of(new BoundSecret("key", VALUE, PLACEHOLDER, host, scheme, port))));
    }

    @Test
    void saysNoValueAboutItself() {
        assertFalse(credentials.toString().contains(VALUE));
        assertEquals(
                "the placeholder of key stands where it may not be used",
                assertThrows(
                                MisusedException.class,
                                () -> Injection.fill(
                                        get("/" + PLACEHOLDER), HERE, "https", Optional.empty(), credentials))
                        .getMessage());
    }

    private void assertMisused(
            RequestHead request, Destination destination, String scheme, Optional<Transform> transform) {
        var misused = assertThrows(
                MisusedException.class,
                () -> Injection.fill(request, destination, scheme, transform, credentials),
                request.toString());
        assertEquals("key", misused.credential());
    }

    private static RequestHead get(String target, String... headers) {
        return RequestHead.of("GET", target, Headers.of(headers));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
