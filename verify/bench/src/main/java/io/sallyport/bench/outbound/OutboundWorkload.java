package io.sallyport.bench.outbound;

import io.sallyport.bench.Choice;
import java.util.List;
import java.util.Locale;

/// What the subjects are loaded with. Small requests carry an API client's headers and are answered with 64 bytes;
/// everything is TLS from end to end, or intercepted.
public enum OutboundWorkload {
    /// A new tunnel for each request.
    TUNNEL(Kind.CONN, false),
    /// Requests on tunnels that stay.
    TUNNEL_KEPT(Kind.KEPT, false),
    /// Bodies of 100 MiB.
    TUNNEL_GB(Kind.BULK, false),
    /// Requests on intercepted connections that stay.
    MITM(Kind.KEPT, true),
    /// A new intercepted connection for each request.
    MITM_CONN(Kind.CONN, true),
    /// Bodies of 100 MiB, intercepted.
    MITM_GB(Kind.BULK, true),
    /// Intercepted connections to names that nobody has asked for yet.
    MINT(Kind.MINT, true),
    /// Tunnels that say nothing.
    IDLE(Kind.IDLE, false),
    /// One reader of 1 KB/s, and a body without end.
    SLOW(Kind.SLOW, true),
    /// Requests one at a time through a tunnel, and directly in turns with them.
    LATENCY(Kind.LATENCY, false),
    /// The same, intercepted.
    LATENCY_MITM(Kind.LATENCY, true);

    private static final int ROUNDS = 3;
    private static final int CONNECTIONS = 16;
    private static final int BODIES = 4;

    private final Kind kind;
    private final boolean intercepts;

    /// What the load does.
    enum Kind {
        CONN,
        KEPT,
        BULK,
        /// As [#CONN], under one name after the other.
        NAMES,
        MINT,
        IDLE,
        SLOW,
        LATENCY;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        int parallel() {
            return switch (this) {
                case CONN, KEPT -> CONNECTIONS;
                case BULK -> BODIES;
                case NAMES, MINT, IDLE, SLOW, LATENCY -> 1;
            };
        }
    }

    OutboundWorkload(Kind kind, boolean intercepts) {
        this.kind = kind;
        this.intercepts = intercepts;
    }

    /// The workloads of these names, all when none is given.
    ///
    /// @throws IllegalArgumentException for a name that is none
    public static List<OutboundWorkload> named(List<String> names) {
        return Choice.of("--only", List.of(values()), OutboundWorkload::key, names);
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Kind kind() {
        return kind;
    }

    /// Whether subjects open the TLS of connections.
    boolean intercepts() {
        return intercepts;
    }

    /// What a subject is loaded with before it is measured. Tunnels that say nothing meet a fresh one: the memory
    /// of an earlier load would hide theirs.
    Kind warmUp() {
        return switch (kind) {
            case CONN -> Kind.CONN;
            case NAMES, MINT -> Kind.NAMES;
            case KEPT, LATENCY -> Kind.KEPT;
            case BULK, SLOW -> Kind.BULK;
            case IDLE -> Kind.IDLE;
        };
    }

    /// How often each subject is measured: memory that was taken once is not given back for a second round.
    int rounds() {
        return switch (kind) {
            case CONN, KEPT, BULK, NAMES, MINT, LATENCY -> ROUNDS;
            case IDLE, SLOW -> 1;
        };
    }
}
