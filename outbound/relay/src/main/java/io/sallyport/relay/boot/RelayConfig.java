package io.sallyport.relay.boot;

import io.sallyport.rpc.egress.EgressPorts;
import java.nio.file.Path;
import java.time.Duration;

/// What a relay is made of.
///
/// @param directory ours: certificates and the key of the status document lie here
/// @param systemBundle the authorities of the system; may be missing
/// @param trustForTheSystem whether the gateway's are added to those, for programs that read no variable
/// @param proxyPort of the proxy on 127.0.0.1; 0: any
/// @param transparentPort where redirected connections arrive
/// @param dnsPort where names are asked for, UDP and TCP
/// @param caWait for the gateway's certificates, with all attempts
/// @param canaryWait for both canaries
public record RelayConfig(
        Path tokenFile,
        Path directory,
        Path systemBundle,
        boolean trustForTheSystem,
        int proxyPort,
        int transparentPort,
        int dnsPort,
        Duration caWait,
        Duration canaryWait) {
    private static final Path DIRECTORY = Path.of("/run/sallyport");

    /// In a sandbox, which belongs to nobody else.
    public static final RelayConfig SANDBOX =
            at(DIRECTORY, true, EgressPorts.PROXY, EgressPorts.TRANSPARENT, EgressPorts.DNS);

    /// In any container.
    public static final RelayConfig CONTAINER =
            at(DIRECTORY, false, EgressPorts.PROXY, EgressPorts.TRANSPARENT, EgressPorts.DNS);

    /// In another directory, on any free ports.
    public static RelayConfig in(Path directory) {
        return at(directory, false, 0, 0, 0);
    }

    private static RelayConfig at(
            Path directory, boolean trustForTheSystem, int proxyPort, int transparentPort, int dnsPort) {
        return new RelayConfig(
                directory.resolve("session_token"),
                directory,
                Path.of("/etc/ssl/certs/ca-certificates.crt"),
                trustForTheSystem,
                proxyPort,
                transparentPort,
                dnsPort,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    public RelayConfig withProxyPort(int port) {
        return new RelayConfig(
                tokenFile,
                directory,
                systemBundle,
                trustForTheSystem,
                port,
                transparentPort,
                dnsPort,
                caWait,
                canaryWait);
    }

    public Path caBundle() {
        return directory.resolve("ca-bundle.crt");
    }

    /// The gateway's certificates alone.
    public Path caFile() {
        return directory.resolve("ca.crt");
    }

    public Path trustStore() {
        return directory.resolve("trust.p12");
    }

    /// The key of the relay's status document.
    public Path relayToken() {
        return directory.resolve("relay_token");
    }
}
