package io.sallyport.rpc.egress;

/// What the relay and the egress gateway agree on. Source: reference/egress.md §1.
public final class EgressApi {
    /// The authority's certificate as PEM; needs no token.
    public static final String CA_CERT = "/v1/egress/ca-cert";

    /// The WebSocket that carries a tunnel.
    public static final String TUNNEL = "/v1/egress/ws";

    /// `?name=HOST`: whether a name may be resolved. 204, or an answer with a reason.
    public static final String NAME = "/v1/egress/name";

    /// The sub-protocol of tunnels with many streams; without it a tunnel is one stream of chunks.
    public static final String PROTOCOL_V2 = "sallyport.tunnel.v2";

    /// Without it a server of the original answers in another encoding.
    public static final String CONTENT_TYPE = "application/proto";

    /// In the head of a CONNECT: `http` for a plain request, `tcp`; absent: `https`.
    public static final String SCHEME = "Sallyport-Scheme";

    /// In the head of a CONNECT: the trace of whoever asked, as W3C's `traceparent`.
    public static final String TRACE = "traceparent";

    /// What the first message of a tunnel, and the head of a CONNECT to the relay, may hold.
    public static final int HEAD_BYTES_MAX = 8192;

    /// Names of the gateway's own: the first is always allowed, the second never.
    public static final String CANARY_ALLOWED = "allowed.canary.sallyport.internal";

    public static final String CANARY_DENIED = "denied.canary.sallyport.internal";

    private EgressApi() {}
}
