package io.sallyport.egress.intercept;

import io.sallyport.rpc.egress.EgressReason;
import java.util.List;
import java.util.Optional;

/// What became of one request, for the log.
///
/// @param path without its query, as the client sent it: neither decoded nor cut
/// @param status of the answer the client got, ours or the host's; 0 where it got none
/// @param bytesOut of the request's body, or from the client through a WebSocket
/// @param bytesIn of the answer's body, or to the client through a WebSocket
/// @param rule that decided; empty where none did
/// @param credentials names of those that were put in, or misused
/// @param reason why it was refused or failed; empty where it was passed on whole
public record RequestRecord(
        String method,
        String path,
        int status,
        long bytesOut,
        long bytesIn,
        String rule,
        List<String> credentials,
        Optional<EgressReason> reason) {
    public RequestRecord {
        credentials = List.copyOf(credentials);
    }

    /// Takes records.
    ///
    /// - **Threads**: that of the connection.
    @FunctionalInterface
    public interface Sink {
        /// Writes a record down. A failure ends the connection.
        void add(RequestRecord one) throws RefusedException;
    }
}
