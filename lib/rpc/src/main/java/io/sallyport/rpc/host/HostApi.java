package io.sallyport.rpc.host;

import io.sallyport.kit.SandboxId;
import io.sallyport.wire.dial.Listening;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The paths and messages of [HostAgent] between machines.
final class HostApi {
    static final String CREATE = "/sallyport.HostAgent/Create";
    static final String DESTROY = "/sallyport.HostAgent/Destroy";
    static final String PAUSE = "/sallyport.HostAgent/Pause";
    static final String RESUME = "/sallyport.HostAgent/Resume";
    static final String LIST = "/sallyport.HostAgent/List";
    static final String LOG = "/sallyport.HostAgent/Log";
    static final String LISTENING = "/sallyport.HostAgent/Listening";
    static final String TEMPLATES = "/sallyport.HostAgent/Templates";
    static final String WATCH = "/sallyport.HostAgent/Watch";
    static final String TEMPLATE = "/sallyport/templates/";

    private HostApi() {}

    record Sandbox(SandboxId id) {}

    /// What a host did not do, and why.
    record Refusal(HostException.Kind kind, String message) {
        HostException toException() {
            return new HostException(kind, message);
        }
    }

    /// One of the two.
    record Done(@Nullable Refusal refusal) {}

    record Hosted(List<HostedSandbox> sandboxes) {
        Hosted(@Nullable List<HostedSandbox> sandboxes) {
            this.sandboxes = Objects.requireNonNullElse(sandboxes, List.of());
        }
    }

    record Logged(@Nullable Refusal refusal, byte[] log) {
        Logged(@Nullable Refusal refusal, byte @Nullable [] log) {
            this.refusal = refusal;
            this.log = log == null ? new byte[0] : log;
        }
    }

    record Heard(@Nullable Refusal refusal, @Nullable Listening listening) {}

    record Names(List<String> names) {
        Names(@Nullable List<String> names) {
            this.names = Objects.requireNonNullElse(names, List.of());
        }
    }

    /// Something a watcher is told; without a sandbox it says only that the watch lives.
    record Told(@Nullable SandboxId exited, boolean reset) {}
}
