package io.sallyport.control.rpc;

import io.sallyport.rpc.host.HostAgent;
import io.sallyport.rpc.host.HostException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The machines that run sandboxes, by the address at which gateways reach them; the empty one is this process.
///
/// - **Threads**: any.
public final class Hosts {
    private final Map<String, HostAgent> agents;

    /// The hosts of an installation.
    ///
    /// @param agents at least one
    public Hosts(Map<String, HostAgent> agents) {
        if (agents.isEmpty()) {
            throw new IllegalArgumentException("agents: none (expected: at least one)");
        }
        this.agents = new TreeMap<>(agents);
    }

    public Set<String> names() {
        return agents.keySet();
    }

    /// The agent of that name.
    public HostAgent at(String name) throws HostException {
        var agent = agents.get(name);
        if (agent == null) {
            throw new HostException(
                    HostException.Kind.UNREACHABLE, "host " + name + " is not configured (there is: " + names() + ")");
        }
        return agent;
    }

    /// Where a sandbox of that template is made: of the hosts that have it, the one with the fewest sandboxes.
    public String place(String template) throws HostException {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        HostException last = null;
        for (var agent : agents.entrySet()) {
            try {
                if (agent.getValue().templates().contains(template)) {
                    int sandboxes =
                            agents.size() == 1 ? 0 : agent.getValue().list().size();
                    if (sandboxes < fewest) {
                        fewest = sandboxes;
                        best = agent.getKey();
                    }
                }
            } catch (HostException e) {
                last = e;
            }
        }
        if (best != null) {
            return best;
        }
        if (last != null) {
            throw last;
        }
        throw new HostException(
                HostException.Kind.NO_SUCH_TEMPLATE,
                "template '" + template + "' not found (there is: "
                        + agents.values().iterator().next().templates() + ")");
    }
}
