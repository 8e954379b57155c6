package io.sallyport.control.rpc;

import io.sallyport.control.sandbox.SandboxService;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.HostAgent;
import io.sallyport.rpc.host.HostException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Keeps rows true to what happens on one host by itself.
public record HostWatcher(String host, SandboxService sandboxes) implements HostAgent.Watcher {
    private static final Logger LOG = System.getLogger(HostWatcher.class.getName());

    @Override
    public void exited(SandboxId sandbox) {
        try {
            sandboxes.exited(sandbox);
        } catch (RuntimeException e) { // the database is away
            LOG.log(Level.WARNING, "that {0} has ended is not recorded yet: {1}", sandbox, e.getMessage());
            sandboxes.unsettled(host);
        }
    }

    @Override
    public void reset() {
        repair(host, sandboxes);
    }

    /// Brings rows and host together; a host that is away is repaired when it is back.
    public static void repair(String host, SandboxService sandboxes) {
        try {
            sandboxes.repair(host);
        } catch (HostException e) {
            LOG.log(Level.WARNING, "host {0} is not in order yet: {1}", host, e.getMessage());
        } catch (RuntimeException e) { // the database is away
            LOG.log(Level.WARNING, "host {0} is not in order yet: {1}", host, e.getMessage());
            sandboxes.unsettled(host);
        }
    }
}
