package io.sallyport.control.api;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.sallyport.control.api.Messages.Failure;
import io.sallyport.control.api.Messages.TemplateName;
import io.sallyport.control.egress.EgressService;
import io.sallyport.control.egress.Secrets;
import io.sallyport.control.route.RouteService;
import io.sallyport.control.rpc.Hosts;
import io.sallyport.control.sandbox.SandboxService;
import io.sallyport.control.store.EgressStore;
import io.sallyport.control.store.KeyStore;
import io.sallyport.control.store.LinkStore;
import io.sallyport.control.store.PortStore;
import io.sallyport.control.store.SandboxStore;
import io.sallyport.control.tenant.ApiKey;
import io.sallyport.rpc.egress.EgressAudit;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.host.HostException;
import io.sallyport.wire.address.IpBlock;
import io.sallyport.wire.net.Loopback;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.eclipse.jetty.server.ServerConnector;
import org.jdbi.v3.core.JdbiException;

/// The REST API, on a loopback port behind the gateway.
///
/// - **Threads**: a virtual thread per request.
/// - **Errors**: always `{"code":int,"message":text}`; 503 when the database cannot be asked.
public final class Api implements Closeable {
    private static final Logger LOG = System.getLogger(Api.class.getName());
    private static final String LOOPBACK = "127.0.0.1";
    private static final long BODY_BYTES_MAX = 1 << 20;
    /// The class of SQL states that say: the data are wrong, not the database.
    private static final String BAD_DATA = "22";
    /// The class of those that say: the statement is wrong, which is our fault.
    private static final String BAD_STATEMENT = "42";

    private static final Duration IDLE = Duration.ofSeconds(640);

    private final Javalin server;

    private Api(Javalin server) {
        this.server = server;
    }

    /// What the API shows and changes.
    public record Sources(
            SandboxService sandboxes,
            SandboxStore store,
            PortStore ports,
            LinkStore links,
            KeyStore keys,
            RouteService routes,
            Hosts hosts,
            Egress egress) {}

    /// What the API shows and changes of the way out.
    ///
    /// @param otherwise the policy of sandboxes of which nothing is said
    /// @param privateAllowed what of the operator's network policies may name
    /// @param audit empty while there is no egress gateway
    public record Egress(
            EgressService service,
            EgressStore store,
            Secrets secrets,
            EgressPolicy otherwise,
            List<IpBlock> privateAllowed,
            Supplier<Optional<EgressAudit>> audit) {}

    /// Starts the API on a loopback port.
    ///
    /// @param domain what sandbox hosts end with, with the port people use
    public static Api start(Sources from, String domain) {
        var presenter = new Presenter(domain);
        var hosts = from.hosts();
        var egress = from.egress();
        var wishes = new EgressWishes(egress.otherwise(), egress.privateAllowed());
        var sandboxRoutes = new SandboxRoutes(from.sandboxes(), from.store(), hosts, presenter, wishes, egress.store());
        var egressRoutes = new EgressRoutes(sandboxRoutes::require, egress.service(), wishes, egress.audit());
        var portRoutes =
                new PortRoutes(sandboxRoutes::require, hosts, from.ports(), from.links(), from.routes(), presenter);
        var server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.startupWatcherEnabled = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.concurrency.useVirtualThreads = true;
            config.http.maxRequestSize = BODY_BYTES_MAX;
            config.jetty.modifyServer(jetty -> jetty.setErrorHandler(new JsonErrors()));
            config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
            config.routes.before(context -> authenticate(context, from.keys()));
            config.routes.get("/health", context -> context.status(204));
            sandboxRoutes.addTo(config.routes);
            portRoutes.addTo(config.routes);
            egressRoutes.addTo(config.routes);
            new SecretRoutes(egress.secrets()).addTo(config.routes);
            new KeyRoutes(from.keys()).addTo(config.routes);
            addTemplates(config.routes, hosts);
            addErrors(config.routes);
        });
        server.start(LOOPBACK, 0);
        for (var connector : server.jettyServer().server().getConnectors()) {
            if (connector instanceof ServerConnector tcp) {
                tcp.setIdleTimeout(IDLE.toMillis());
            }
        }
        return new Api(server);
    }

    public InetSocketAddress address() {
        return Loopback.v4(server.port());
    }

    private static void authenticate(Context context, KeyStore keys) {
        if (context.path().equals("/health")) {
            return;
        }
        var given = context.header("X-API-Key");
        if (given == null) {
            throw new ApiException(401, "API key missing (expected: header X-API-Key)");
        }
        var team = ApiKey.parse(given)
                .flatMap(key -> keys.teamOf(key.hash()))
                .orElseThrow(() -> new ApiException(401, "API key unknown or revoked"));
        context.attribute(Json.CALLER, team);
    }

    /// Ours, not E2B's: a template from a tar stream.
    private static void addTemplates(RoutesConfig routes, Hosts hosts) {
        routes.get("/sallyport/templates", context -> {
            var names = new TreeSet<String>();
            for (var host : hosts.names()) {
                names.addAll(hosts.at(host).templates());
            }
            Json.answer(context, 200, names.stream().map(TemplateName::new).toList());
        });
        routes.put("/sallyport/templates/{name}", context -> {
            var host = context.queryParam("host");
            if (host == null && hosts.names().size() > 1) {
                throw new ApiException(400, "host: absent (expected: one of " + hosts.names() + ")");
            }
            hosts.at(host == null ? hosts.names().iterator().next() : host)
                    .importTemplate(context.pathParam("name"), context.bodyInputStream());
            context.status(204);
        });
    }

    private static void addErrors(RoutesConfig routes) {
        routes.exception(ApiException.class, (e, context) -> fail(context, e.status(), String.valueOf(e.getMessage())));
        routes.exception(HostException.class, (e, context) -> {
            LOG.log(Level.WARNING, "{0} {1}: {2}", context.method(), context.path(), e.getMessage());
            switch (e.kind()) {
                case NO_SUCH_TEMPLATE -> fail(context, 404, String.valueOf(e.getMessage()));
                case BAD_TEMPLATE -> fail(context, 400, String.valueOf(e.getMessage()));
                case NO_SUCH_SANDBOX -> fail(context, 404, "the sandbox is gone");
                case WRONG_STATE -> fail(context, 409, "the sandbox is not in a state for this");
                case UNREACHABLE -> fail(context, 503, "the sandbox's host cannot be reached; try again");
                case FAILED -> fail(context, 500, "the host could not do this; its log says why");
            }
        });
        routes.exception(
                HttpResponseException.class,
                (e, context) -> fail(context, e.getStatus(), String.valueOf(e.getMessage())));
        routes.exception(JdbiException.class, (e, context) -> {
            if (e.getCause() instanceof SQLException sql
                    && String.valueOf(sql.getSQLState()).startsWith(BAD_DATA)) {
                fail(context, 400, "a value is not one the database can hold");
                return;
            }
            if (e.getCause() instanceof SQLException sql
                    && String.valueOf(sql.getSQLState()).startsWith(BAD_STATEMENT)) {
                LOG.log(Level.ERROR, context.method() + " " + context.path(), e);
                fail(context, 500, "internal error");
                return;
            }
            LOG.log(Level.WARNING, "database: {0}", e.getMessage());
            fail(context, 503, "the database cannot be reached; try again");
        });
        routes.exception(Exception.class, (e, context) -> {
            LOG.log(Level.ERROR, context.method() + " " + context.path(), e);
            fail(context, 500, "internal error");
        });
    }

    private static void fail(Context context, int status, String message) {
        Json.answer(context, status, new Failure(status, message));
    }

    @Override
    public void close() {
        server.stop();
    }
}
