package io.sallyport.rpc.egress;

import java.util.List;

/// The environment by which whoever makes a sandbox switches its relay on. `1` is yes; nothing, `0`, `false`, `no` and
/// `off` are no.
public final class EgressVariables {
    /// Whether this is a sandbox at all.
    public static final String REMOTE = "SALLYPORT_REMOTE";

    /// Whether the relay is wanted.
    public static final String UPSTREAM_PROXY = "SALLYPORT_UPSTREAM_PROXY";

    /// The sandbox's id.
    public static final String SESSION_ID = "SALLYPORT_SESSION_ID";

    /// Where the egress gateway is: `http://HOST[:PORT]`; absent: [EgressPorts#DOOR] on 127.0.0.1.
    public static final String URL = "SALLYPORT_EGRESS_URL";

    /// Whether nothing may run without the relay.
    public static final String REQUIRED = "SALLYPORT_EGRESS_REQUIRED";

    /// Whether connections and names are redirected to the relay.
    public static final String TRANSPARENT = "SALLYPORT_EGRESS_TRANSPARENT";

    /// All of them: they are for the relay, and not for processes beside it.
    public static final List<String> ALL = List.of(REMOTE, UPSTREAM_PROXY, SESSION_ID, URL, REQUIRED, TRANSPARENT);

    private EgressVariables() {}
}
