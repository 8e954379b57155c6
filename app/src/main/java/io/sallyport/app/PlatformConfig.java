package io.sallyport.app;

import io.sallyport.control.store.Database;
import io.sallyport.gateway.forward.ForwardLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How everything in one JVM runs.
///
/// @param home where all state is kept
/// @param listen the gateway's addresses, with a port that is not 0
/// @param domain what sandbox hosts end with, with the port people use
/// @param database empty: an embedded PostgreSQL under `home`
/// @param runtime the OCI runtime's program
/// @param guestImage the built guest image
public record PlatformConfig(
        Path home,
        List<InetSocketAddress> listen,
        String domain,
        Optional<Database.Address> database,
        String runtime,
        Path guestImage,
        ForwardLimits forward) {
    public PlatformConfig {
        listen = List.copyOf(listen);
    }

    /// The domain without its port.
    String domainName() {
        int colon = domain.lastIndexOf(':');
        return colon < 0 ? domain : domain.substring(0, colon);
    }
}
