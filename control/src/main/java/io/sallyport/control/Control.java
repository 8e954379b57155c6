package io.sallyport.control;

import io.sallyport.control.api.Api;
import io.sallyport.control.egress.EgressService;
import io.sallyport.control.egress.PolicyVault;
import io.sallyport.control.egress.Sealed;
import io.sallyport.control.egress.Secrets;
import io.sallyport.control.route.RouteService;
import io.sallyport.control.rpc.HostWatcher;
import io.sallyport.control.rpc.Hosts;
import io.sallyport.control.sandbox.AccessTokens;
import io.sallyport.control.sandbox.Reaper;
import io.sallyport.control.sandbox.SandboxService;
import io.sallyport.control.store.Changes;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.EgressStore;
import io.sallyport.control.store.KeyStore;
import io.sallyport.control.store.LinkStore;
import io.sallyport.control.store.PortStore;
import io.sallyport.control.store.SandboxStore;
import io.sallyport.control.store.SecretStore;
import io.sallyport.control.tenant.ApiKey;
import io.sallyport.kit.Closer;
import io.sallyport.rpc.egress.EgressAudit;
import io.sallyport.rpc.egress.EgressSessions;
import io.sallyport.rpc.host.HostException;
import io.sallyport.rpc.route.Routes;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The wiring of the control plane.
public final class Control implements Closeable {
    private static final String DEFAULT_TEAM = "default";

    private final Closer closer = new Closer();
    private final RouteService routes;
    private final KeyStore keys;
    private final Api api;
    private final EgressService egress;
    private volatile @Nullable EgressAudit audit;

    private Control(ControlConfig config, Hosts hosts) throws HostException {
        try {
            var database = closer.register(Database.open(config.database()));
            var store = new SandboxStore(database);
            keys = new KeyStore(database);
            var tokens = new AccessTokens(config.tokenSeed());
            var seal = new Sealed(config.secretsKey());
            var vault = new PolicyVault(seal);
            var sandboxes = new SandboxService(store, hosts, tokens, vault);
            for (var host : hosts.names()) {
                closer.register(hosts.at(host).watch(new HostWatcher(host, sandboxes)));
                HostWatcher.repair(host, sandboxes);
            }
            var ports = new PortStore(database);
            var links = new LinkStore(database);
            var changes = closer.register(new Changes(config.database()));
            routes = new RouteService(store, ports, keys, links, tokens, changes);
            var egressStore = new EgressStore(database);
            var secrets = new Secrets(new SecretStore(database), seal);
            egress = new EgressService(egressStore, secrets, tokens, vault, changes);
            changes.start();
            var wayOut = new Api.Egress(
                    egress,
                    egressStore,
                    secrets,
                    config.egressDefault(),
                    config.privateAllowed(),
                    () -> Optional.ofNullable(audit));
            api = closer.register(Api.start(
                    new Api.Sources(sandboxes, store, ports, links, keys, routes, hosts, wayOut), config.domain()));
            closer.register(new Reaper(store, sandboxes)).start();
        } catch (HostException | RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    /// Starts the control plane: brings the schema up to date, rows and host together, then opens the API on a
    /// loopback port.
    public static Control start(ControlConfig config, Hosts hosts) throws HostException {
        return new Control(config, hosts);
    }

    /// Where the API listens.
    public InetSocketAddress address() {
        return api.address();
    }

    /// Lets a key act for the first team.
    public void addKey(ApiKey key) {
        keys.ensureOperator(DEFAULT_TEAM, key.hash());
    }

    /// What gateways ask.
    public Routes routes() {
        return routes;
    }

    /// What the egress gateway asks.
    public EgressSessions egressSessions() {
        return egress;
    }

    /// Shows from now on what this egress gateway tells.
    public void showEgress(EgressAudit gateway) {
        audit = gateway;
    }

    @Override
    public void close() {
        closer.close();
    }
}
