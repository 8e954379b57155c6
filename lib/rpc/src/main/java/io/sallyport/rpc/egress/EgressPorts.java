package io.sallyport.rpc.egress;

import io.sallyport.kit.Port;
import java.util.Set;

/// The ports inside a sandbox that belong to its way out.
public final class EgressPorts {
    /// The agent's listener, which leads to the egress gateway.
    public static final int DOOR = 49_984;

    /// The relay, for connections that were redirected.
    public static final int TRANSPARENT = 49_985;

    /// The relay, for clients that know it is a proxy.
    public static final int PROXY = 49_986;

    /// The relay's DNS answerer, UDP and TCP.
    public static final int DNS = 53;

    /// All of them. Nobody outside has business with them: no way in leads there, whatever a sandbox says.
    public static final Set<Port> ALL = Set.of(new Port(DOOR), new Port(TRANSPARENT), new Port(PROXY), new Port(DNS));

    private EgressPorts() {}
}
