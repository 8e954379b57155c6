package io.sallyport.guest;

import io.sallyport.wire.http1.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Who a command runs as: clients name the user with Basic authentication and an empty password.
///
/// Source: reference/sandbox-api.md §1.3.
public final class BasicUser {
    private static final String SCHEME = "Basic ";

    private BasicUser() {}

    /// The user's name; empty where none is given.
    public static String of(Headers headers) {
        var authorization = headers.first("Authorization").orElse("");
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return "";
        }
        try {
            var decoded = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
            var pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? pair : pair.substring(0, colon);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
