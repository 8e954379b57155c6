package io.sallyport.agent;

import io.sallyport.agent.image.GuestImage;
import io.sallyport.agent.image.Templates;
import io.sallyport.agent.inbound.NetnsDialer;
import io.sallyport.agent.node.Leftovers;
import io.sallyport.agent.outbound.WayOut;
import io.sallyport.agent.runtime.OciRuntime;
import io.sallyport.agent.sandbox.Sandboxes;
import io.sallyport.rpc.host.HostAgent;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.dial.SandboxDialer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

/// The wiring of the host agent.
///
/// - **Closes**: [#close()] pauses the sandboxes and lets go of them; the next agent on this home takes them over.
public final class Agent implements Closeable {
    private final Sandboxes sandboxes;
    private final SandboxDialer dialer;

    private Agent(Sandboxes sandboxes) {
        this.sandboxes = sandboxes;
        this.dialer = new NetnsDialer(sandboxes);
    }

    /// Starts an agent: prepares templates, takes over the sandboxes that live, removes what is left of the others.
    ///
    /// @param egress where connections that sandboxes make outwards are handed to
    public static Agent start(AgentConfig config, EgressDoor egress) throws IOException, HostException {
        var home = config.home();
        Files.createDirectories(home);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        var runtime = new OciRuntime(config.runtime(), home.resolve("runtime"));
        var templates = new Templates(home.resolve("templates"));
        templates.prepareBase();
        var guestImage = GuestImage.install(config.guestImage(), home.resolve("guest"));
        var sandboxes = new Sandboxes(home.resolve("sandboxes"), guestImage, runtime, templates, new WayOut(egress));
        Leftovers.killStrayStarts(home.resolve("runtime"));
        sandboxes.recover();
        templates.removeUnused(sandboxes.templateRootsInUse());
        GuestImage.removeUnused(home.resolve("guest"), guestImage, sandboxes.guestImagesInUse());
        return new Agent(sandboxes);
    }

    public HostAgent host() {
        return sandboxes;
    }

    public SandboxDialer dialer() {
        return dialer;
    }

    @Override
    public void close() {
        sandboxes.close();
    }
}
