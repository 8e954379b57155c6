package io.sallyport.rpc.guest;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The body of `POST /init`. The first one sets the access token; later ones must present it.
///
/// @param defaultUser who runs commands that name nobody
/// @param defaultWorkdir where they run; empty: their home
/// Source: reference/sandbox-api.md §3.6.
public record InitRequest(String accessToken, Map<String, String> envVars, String defaultUser, String defaultWorkdir) {
    public static final String PATH = "/init";

    public InitRequest(
            @Nullable String accessToken,
            @Nullable Map<String, String> envVars,
            @Nullable String defaultUser,
            @Nullable String defaultWorkdir) {
        this.accessToken = Objects.requireNonNullElse(accessToken, "");
        this.envVars = envVars == null ? Map.of() : Map.copyOf(envVars);
        this.defaultUser = Objects.requireNonNullElse(defaultUser, "user");
        this.defaultWorkdir = Objects.requireNonNullElse(defaultWorkdir, "");
    }

    @Override
    public String toString() {
        return "InitRequest[accessToken=" + (accessToken.isEmpty() ? "unset" : "set") + ", defaultUser=" + defaultUser
                + "]";
    }
}
