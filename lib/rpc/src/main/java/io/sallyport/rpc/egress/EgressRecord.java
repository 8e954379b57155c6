package io.sallyport.rpc.egress;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One line of the audit log. Whatever a sandbox said in it is cut to a length and has no control characters, no
/// query strings and no credential but a credential's name.
///
/// @param time as RFC 3339, UTC
/// @param seq grows by one with each line of the log, over all sandboxes
/// @param event `connect` and at its end `end`; `request`, before anything of it goes on, and at its end `response`;
/// `name`; or `log` for the log's own remarks
/// @param address that was dialled; empty where none was
/// @param path without its query
/// @param decision [#ALLOWED] or [#REFUSED]
/// @param reason the id of an [EgressReason]; empty where it was allowed
/// @param rule that decided; empty where none did
/// @param credential the name of the credential that was put in
/// @param bytesOut towards the host
/// @param status of the host's answer to a request, or ours; 0 where there is none
/// @param prev the hash of the line before
/// @param hash SHA-256 over the line without its hash, in hexadecimal
public record EgressRecord(
        String time,
        long seq,
        String sandbox,
        String event,
        String scheme,
        String host,
        int port,
        String address,
        String method,
        String path,
        String decision,
        String reason,
        String rule,
        String credential,
        long bytesOut,
        long bytesIn,
        int status,
        String trace,
        String prev,
        String hash) {
    public static final String ALLOWED = "allowed";
    public static final String REFUSED = "refused";

    public EgressRecord(
            @Nullable String time,
            long seq,
            @Nullable String sandbox,
            @Nullable String event,
            @Nullable String scheme,
            @Nullable String host,
            int port,
            @Nullable String address,
            @Nullable String method,
            @Nullable String path,
            @Nullable String decision,
            @Nullable String reason,
            @Nullable String rule,
            @Nullable String credential,
            long bytesOut,
            long bytesIn,
            int status,
            @Nullable String trace,
            @Nullable String prev,
            @Nullable String hash) {
        this.time = Objects.requireNonNullElse(time, "");
        this.seq = seq;
        this.sandbox = Objects.requireNonNullElse(sandbox, "");
        this.event = Objects.requireNonNullElse(event, "");
        this.scheme = Objects.requireNonNullElse(scheme, "");
        this.host = Objects.requireNonNullElse(host, "");
        this.port = port;
        this.address = Objects.requireNonNullElse(address, "");
        this.method = Objects.requireNonNullElse(method, "");
        this.path = Objects.requireNonNullElse(path, "");
        this.decision = Objects.requireNonNullElse(decision, "");
        this.reason = Objects.requireNonNullElse(reason, "");
        this.rule = Objects.requireNonNullElse(rule, "");
        this.credential = Objects.requireNonNullElse(credential, "");
        this.bytesOut = bytesOut;
        this.bytesIn = bytesIn;
        this.status = status;
        this.trace = Objects.requireNonNullElse(trace, "");
        this.prev = Objects.requireNonNullElse(prev, "");
        this.hash = Objects.requireNonNullElse(hash, "");
    }
}
