package io.sallyport.agent.outbound;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPorts;
import io.sallyport.rpc.egress.EgressVariables;
import io.sallyport.rpc.host.SandboxSpec;
import io.sallyport.wire.dial.EgressDoor;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.netns.Netns;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What a sandbox is given so that its relay finds the way out: a door, a token, and what tells the relay of them. A
/// sandbox without a way out is given nothing at all.
///
/// - **Threads**: any.
public final class WayOut {
    private static final Logger LOG = System.getLogger(WayOut.class.getName());
    private static final String TOKEN_DIRECTORY = "run/sallyport";
    private static final String TOKEN_FILE = "session_token";

    private final EgressDoor egress;
    private final boolean canRedirect;

    /// A way out that leads to `egress`. Finds out what this machine can do.
    public WayOut(EgressDoor egress) {
        this.egress = egress;
        var missing = TransparentRules.missing();
        this.canRedirect = missing.isEmpty();
        missing.ifPresent(why -> LOG.log(
                Level.WARNING,
                "programs that do not know of proxies have no way out on this machine (bin/setup installs nftables): {0}",
                why));
    }

    /// What the relay in the guest daemon is switched on by.
    public List<String> environment(SandboxSpec spec) {
        var wanted = spec.egress();
        if (wanted == null) {
            return List.of();
        }
        return List.of(
                EgressVariables.REMOTE + "=1",
                EgressVariables.UPSTREAM_PROXY + "=1",
                EgressVariables.SESSION_ID + "=" + spec.id(),
                EgressVariables.REQUIRED + "=" + flag(wanted.required()),
                EgressVariables.TRANSPARENT + "=" + flag(wanted.transparent() && canRedirect));
    }

    private static String flag(boolean on) {
        return on ? "1" : "0";
    }

    /// Leaves the token where the relay reads it, and from where it removes it. To be called before the start: then
    /// nobody inside can have put anything there.
    ///
    /// @param upper the layer of the sandbox's own changes, still empty
    public void leaveToken(SandboxSpec spec, Path upper) throws IOException {
        if (spec.egress() == null) {
            return;
        }
        var directory = upper.resolve(TOKEN_DIRECTORY);
        Files.createDirectories(directory);
        for (var made : List.of(directory.getParent(), directory)) {
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        var privately = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var file = Files.newByteChannel(
                directory.resolve(TOKEN_FILE),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                privately)) {
            file.write(StandardCharsets.US_ASCII.encode(spec.egress().token()));
        }
    }

    /// Opens a sandbox's door.
    ///
    /// @param tie makes a connection end with the sandbox, or closes it and gives empty
    public Door open(SandboxId sandbox, Netns netns, Function<Connection, Optional<Connection>> tie)
            throws IOException {
        return Door.open(sandbox, netns.listen(Loopback.v4(EgressPorts.DOOR)), tie, egress);
    }

    /// Leads what knows nothing of a proxy to the relay, where that is wanted and this machine can do it. Where it
    /// fails the sandbox works without.
    public void redirect(SandboxSpec spec, Netns netns) {
        if (spec.egress() == null || !spec.egress().transparent() || !canRedirect) {
            return;
        }
        try {
            TransparentRules.apply(netns);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} has a way out for programs that know of proxies only: {1}", spec.id(), e);
        }
    }
}
