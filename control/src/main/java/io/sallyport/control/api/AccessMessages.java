package io.sallyport.control.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The JSON bodies of what is ours and not E2B's: teams, keys, ports, links.
final class AccessMessages {
    private AccessMessages() {}

    record NewTeam(@Nullable String name) {}

    record Team(String name, boolean operator) {}

    /// @param team absent: the caller's own
    record NewKey(@Nullable String team, @Nullable String name) {}

    /// @param key shown this once
    record MadeKey(String id, String team, String name, String key) {}

    record Key(
            String id,
            String team,
            String name,
            String createdAt,
            @Nullable String revokedAt) {}

    /// What somebody wants of a port. What is absent becomes what it is without anybody's wish.
    ///
    /// @param visibility `public` or `private`
    /// @param host `keep`, `loopback`, or a host of its own
    /// @param origin `keep`, `match` or `strip`
    record PortWish(
            @Nullable String visibility,
            @Nullable String host,
            @Nullable String origin) {}

    /// A port as it is.
    ///
    /// @param addresses it listens on; empty when nothing does
    /// @param guess what speaks there
    record Port(
            int port,
            List<String> addresses,
            String process,
            String guess,
            String visibility,
            String host,
            String origin,
            String profile,
            long exchanges,
            long failed,
            String lastOutcome,
            @Nullable String activeAt) {}

    record NewLink(@Nullable Integer port, @Nullable Integer seconds) {}

    /// @param url shown this once
    record MadeLink(String id, int port, String expiresAt, String url) {}

    record Link(String id, int port, String createdAt, String expiresAt) {}
}
