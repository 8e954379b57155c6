package io.sallyport.app;

import io.sallyport.control.store.Database;
import io.sallyport.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.Optional;

/// How everything in one JVM runs.
///
/// @param home where all state is kept
/// @param domain what sandbox hosts end with, with the port people use
/// @param database empty: an embedded PostgreSQL under `home`
/// @param runtime the OCI runtime's program
/// @param guestImage the built guest image
/// @param gateway listens on ports that are not 0
public record PlatformConfig(
        Path home,
        String domain,
        Optional<Database.Address> database,
        String runtime,
        Path guestImage,
        GatewayConfig gateway) {
    /// The domain without its port.
    static String nameOf(String domain) {
        int colon = domain.lastIndexOf(':');
        return colon < 0 ? domain : domain.substring(0, colon);
    }
}
