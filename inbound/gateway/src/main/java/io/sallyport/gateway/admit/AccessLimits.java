package io.sallyport.gateway.admit;

/// How much one sandbox may be used through this gateway, in each lane: port 49983 has the same once more.
///
/// @param connections exchanges and tunnels of one sandbox at a time; `limits.sandbox-connections`
/// @param requestsPerSecond requests of one sandbox, with as many at once; zero: no limit;
/// `limits.sandbox-requests-per-second`
public record AccessLimits(int connections, int requestsPerSecond) {
    public static final AccessLimits DEFAULT = new AccessLimits(10_000, 0);
}
