package io.sallyport.control;

import io.sallyport.control.api.Api;
import io.sallyport.control.sandbox.AccessTokens;
import io.sallyport.control.sandbox.Reaper;
import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.control.sandbox.SandboxService;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.KeyStore;
import io.sallyport.control.store.SandboxStore;
import io.sallyport.control.tenant.ApiKey;
import io.sallyport.kit.Closer;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.HostAgent;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.util.Optional;

/// The wiring of the control plane.
public final class Control implements Closeable {
    private static final String DEFAULT_TEAM = "default";

    private final Closer closer = new Closer();
    private final SandboxService sandboxes;
    private final KeyStore keys;
    private final Api api;

    private Control(ControlConfig config, HostAgent host) {
        try {
            var database = closer.register(Database.open(config.database()));
            var store = new SandboxStore(database);
            keys = new KeyStore(database);
            sandboxes = new SandboxService(store, host, new AccessTokens(config.tokenSeed()));
            host.onExit(sandboxes::exited);
            sandboxes.repair();
            api = closer.register(Api.start(sandboxes, store, keys, host, config.domain()));
            closer.register(new Reaper(store, sandboxes)).start();
        } catch (RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    /// Starts the control plane: brings the schema up to date, rows and host together, then opens the API on a
    /// loopback port.
    public static Control start(ControlConfig config, HostAgent host) {
        return new Control(config, host);
    }

    /// Where the API listens.
    public InetSocketAddress address() {
        return api.address();
    }

    /// Lets a key act for the first team.
    public void addKey(ApiKey key) {
        keys.add(DEFAULT_TEAM, key.hash());
    }

    /// What the gateway routes by.
    public Optional<Sandbox> find(SandboxId id) {
        return sandboxes.find(id);
    }

    @Override
    public void close() {
        closer.close();
    }
}
