package io.sallyport.egress.intercept;

import io.sallyport.rpc.egress.EgressReason;
import java.util.List;
import java.util.Optional;

/// What is decided about one request, or what became of it, for the log.
///
/// @param moment at which it is written down
/// @param path without its query, as the client sent it: neither decoded nor cut
/// @param status of the answer the client got, ours or the host's; 0 where it got none
/// @param bytesOut of the request's body, or from the client through a WebSocket
/// @param bytesIn of the answer's body, or to the client through a WebSocket
/// @param rule that decided; empty where none did
/// @param credentials names of those that were put in, or misused
/// @param reason why it was refused or failed; empty where it may go on, or was passed on whole
public record RequestRecord(
        Moment moment,
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

    /// When a record is written.
    public enum Moment {
        /// Of every request, before anything of it goes on. For one that is refused it is the only record.
        DECIDED,
        /// Of every request that was allowed, when nothing more of it or of its answer is passed on, however that
        /// came about.
        ENDED
    }

    /// Takes records.
    ///
    /// - **Threads**: that of the connection.
    @FunctionalInterface
    public interface Sink {
        /// Writes a record down. Where it cannot, a request that was to be decided is answered with the reason and does
        /// not go on; one that has ended ends the connection.
        void add(RequestRecord one) throws RefusedException;
    }
}
