package io.sallyport.relay.boot;

import java.nio.file.Path;
import java.util.Map;

/// What became of a start.
public sealed interface RelayState {
    /// It has not been tried.
    record New() implements RelayState {}

    /// No relay is wanted here, or there is no token for it.
    ///
    /// @param environment what a relay around this one left in the environment
    record Off(String why, Map<String, String> environment) implements RelayState {
        public Off {
            environment = Map.copyOf(environment);
        }
    }

    /// It runs, and both canaries were answered as they must.
    ///
    /// @param port of the proxy on 127.0.0.1
    /// @param caBundle the certificates that processes are to trust
    /// @param caFile the gateway's alone
    /// @param resolver whether names are answered on the port of DNS
    /// @param environment for every process
    record Enabled(int port, Path caBundle, Path caFile, boolean resolver, Map<String, String> environment)
            implements RelayState {
        public Enabled {
            environment = Map.copyOf(environment);
        }
    }

    /// A step failed.
    ///
    /// @param required whether nothing may run without the relay
    record Failed(Step step, String detail, boolean required) implements RelayState {}

    /// What processes are given: nothing after a failure.
    default Map<String, String> environment() {
        return switch (this) {
            case New() -> Map.of();
            case Off off -> off.environment;
            case Enabled enabled -> enabled.environment;
            case Failed failed -> Map.of();
        };
    }

    /// As it stands in the status document.
    default String id() {
        return switch (this) {
            case New() -> "new";
            case Off off -> "off";
            case Enabled enabled -> "enabled";
            case Failed failed -> "failed";
        };
    }

    /// Why, where it is not enabled.
    default String why() {
        return switch (this) {
            case New() -> "";
            case Off off -> off.why;
            case Enabled enabled -> "";
            case Failed failed -> failed.step.id() + ": " + failed.detail;
        };
    }
}
