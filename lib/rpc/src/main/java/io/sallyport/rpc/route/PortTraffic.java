package io.sallyport.rpc.route;

/// What went through to one port since the last report.
///
/// @param exchanges requests that reached the app and were answered by it
/// @param failed requests that were not
/// @param lastOutcome how the last one ended
/// @param lastEpochMillis when the last answered one ended; zero where all failed: a failed request is no
/// activity
public record PortTraffic(
        String sandbox, int port, int exchanges, int failed, String lastOutcome, long lastEpochMillis) {}
