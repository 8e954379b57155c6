package io.sallyport.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokensTest {
    @ParameterizedTest
    @CsvSource({
        "/, '', /",
        "/?a=1, '', /?a=1",
        "/?sallyport-access=T, T, /",
        "/x?sallyport-access=T&a=1, T, /x?a=1",
        "/x?a=1&sallyport-access=T, T, /x?a=1",
        "/x?a=1&sallyport-access=T&b=%26, T, /x?a=1&b=%26",
        "/x?a=1&&sallyport-access=&b, '', /x?a=1&&b",
        "/x?my-sallyport-access=1, '', /x?my-sallyport-access=1",
        "/?sallyport-access=T&a=1&sallyport-access=U, T, /?a=1",
        "/sallyport-access=1, '', /sallyport-access=1",
    })
    void findsAndRemovesTheTokenOfATarget(String target, String token, String without) {
        assertEquals(token, Tokens.inTarget(target).orElse(""));
        assertEquals(without, Tokens.withoutToken(target));
    }

    @ParameterizedTest
    @CsvSource({
        "a=1, '', a=1",
        "__Host-sallyport-access=T, T, ''",
        "__Host-sallyport-access=T; a=1;b=2, T, a=1;b=2",
        "a=1; __Host-sallyport-access=T;  b=2, T, a=1;  b=2",
        "a=__Host-sallyport-access=T, '', a=__Host-sallyport-access=T",
    })
    void findsAndRemovesTheCookie(String cookies, String token, String without) {
        assertEquals(Optional.of(token).filter(t -> !t.isEmpty()), Tokens.inCookie(cookies));
        assertEquals(without, Tokens.withoutCookie(cookies));
    }
}
