package io.sallyport.control.api;

import io.sallyport.control.api.Messages.Lifecycle;
import io.sallyport.control.api.Messages.ListedSandbox;
import io.sallyport.control.api.Messages.NetworkShown;
import io.sallyport.control.api.Messages.SandboxAnswer;
import io.sallyport.control.api.Messages.SandboxDetail;
import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.kit.Port;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sandboxes as the API shows them. Pure.
///
/// @param domain what `{port}-{id}.` is put in front of, port included
record Presenter(String domain) {
    /// What clients take for the version of E2B's daemon: up to here ours does what that one does.
    private static final String ENVD_VERSION = "0.5.7";

    /// A field clients require and nobody uses.
    private static final String CLIENT = "sallyport";

    /// No limit of its own is set on the disk.
    private static final int DISK_MIB = 0;

    SandboxAnswer answer(Sandbox sandbox, String accessToken, @Nullable String trafficToken) {
        return new SandboxAnswer(
                sandbox.template(),
                sandbox.id().text(),
                sandbox.template(),
                CLIENT,
                ENVD_VERSION,
                accessToken,
                trafficToken,
                domain);
    }

    /// The address of a port.
    String url(Sandbox sandbox, Port port) {
        return "http://" + port + "-" + sandbox.id() + "." + domain;
    }

    SandboxDetail detail(Sandbox sandbox, String accessToken, NetworkShown network) {
        return new SandboxDetail(
                sandbox.template(),
                sandbox.template(),
                sandbox.id().text(),
                CLIENT,
                sandbox.startedAt().toString(),
                sandbox.endAt().toString(),
                ENVD_VERSION,
                accessToken,
                network.allowInternetAccess(),
                domain,
                sandbox.cpus(),
                sandbox.memoryMiB(),
                DISK_MIB,
                sandbox.metadata(),
                sandbox.state().publicName(),
                network.of(sandbox.access()),
                new Lifecycle(false, sandbox.autoPause() ? "pause" : "kill"),
                List.of());
    }

    ListedSandbox listed(Sandbox sandbox) {
        return new ListedSandbox(
                sandbox.template(),
                sandbox.template(),
                sandbox.id().text(),
                CLIENT,
                sandbox.startedAt().toString(),
                sandbox.endAt().toString(),
                sandbox.cpus(),
                sandbox.memoryMiB(),
                DISK_MIB,
                sandbox.metadata(),
                sandbox.state().publicName(),
                ENVD_VERSION,
                List.of());
    }
}
