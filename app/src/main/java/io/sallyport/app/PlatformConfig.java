package io.sallyport.app;

import io.sallyport.control.store.Database;
import io.sallyport.egress.EgressConfig;
import io.sallyport.gateway.GatewayConfig;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.wire.tls.TlsIdentity;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How everything in one JVM runs, or what is left of it when gateway and agent run apart.
///
/// @param home where all state is kept
/// @param domain what sandbox hosts end with, with the port people use
/// @param database empty: an embedded PostgreSQL under `home`
/// @param agent empty: agents elsewhere run the sandboxes
/// @param gateway listens on ports that are not 0; empty: gateways elsewhere
/// @param others how programs elsewhere are reached; empty: there are none
/// @param egress how sandboxes reach the outside
public record PlatformConfig(
        Path home,
        String domain,
        Optional<Database.Address> database,
        Optional<LocalAgent> agent,
        Optional<GatewayConfig> gateway,
        Optional<Others> others,
        Egress egress) {
    /// The agent in this process.
    ///
    /// @param runtime the OCI runtime's program
    /// @param guestImage the built guest image
    /// @param paths where path mode listens, on loopback; empty: nowhere
    public record LocalAgent(String runtime, Path guestImage, List<InetSocketAddress> paths) {
        public LocalAgent {
            paths = List.copyOf(paths);
        }
    }

    /// The way out.
    ///
    /// @param otherwise the policy of sandboxes of which nothing is said
    public record Egress(EgressPolicy otherwise, EgressConfig gateway) {}

    /// Programs elsewhere.
    ///
    /// @param identity of the control plane
    /// @param listen where gateways ask
    /// @param agents where agents listen, `host:port`
    public record Others(TlsIdentity identity, List<InetSocketAddress> listen, List<String> agents) {
        public Others {
            listen = List.copyOf(listen);
            agents = List.copyOf(agents);
        }
    }

    /// The domain without its port.
    static String nameOf(String domain) {
        int colon = domain.lastIndexOf(':');
        return colon < 0 ? domain : domain.substring(0, colon);
    }
}
