package io.sallyport.control.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.sallyport.control.api.Messages.NetworkShown;
import io.sallyport.control.api.Messages.NewSandboxBody;
import io.sallyport.control.api.Messages.PauseBody;
import io.sallyport.control.api.Messages.TimeoutBody;
import io.sallyport.control.rpc.Hosts;
import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.control.sandbox.SandboxService;
import io.sallyport.control.sandbox.SandboxService.Change;
import io.sallyport.control.sandbox.SandboxService.NewSandbox;
import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.control.store.EgressStore;
import io.sallyport.control.store.SandboxStore;
import io.sallyport.control.store.SandboxStore.Position;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.host.HostException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `/sandboxes`. Source of shapes and codes: reference/sandbox-api.md §2.
final class SandboxRoutes {
    private static final int TIMEOUT_V1_SECONDS = 15;
    private static final int TIMEOUT_V2_SECONDS = 300;
    private static final int TIMEOUT_HOURS_MAX = 24;
    private static final int LOG_LINES_DEFAULT = 1000;
    private static final int LOG_LINES_MAX = 10_000;

    private static final Pattern MASK_HOST =
            Pattern.compile("(?:[A-Za-z0-9.-]|\\$\\{PORT})+(?::(?:[0-9]{1,5}|\\$\\{PORT}))?");

    private final SandboxService sandboxes;
    private final SandboxStore store;
    private final Hosts hosts;
    private final Presenter presenter;
    private final EgressWishes wishes;
    private final EgressStore egress;

    SandboxRoutes(
            SandboxService sandboxes,
            SandboxStore store,
            Hosts hosts,
            Presenter presenter,
            EgressWishes wishes,
            EgressStore egress) {
        this.sandboxes = sandboxes;
        this.store = store;
        this.hosts = hosts;
        this.presenter = presenter;
        this.wishes = wishes;
        this.egress = egress;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/sandboxes", context -> create(context, TIMEOUT_V1_SECONDS));
        routes.post("/v2/sandboxes", context -> create(context, TIMEOUT_V2_SECONDS));
        routes.get("/sandboxes", this::listRunning);
        routes.get("/v2/sandboxes", this::list);
        routes.get("/sandboxes/{id}", this::get);
        routes.delete("/sandboxes/{id}", this::kill);
        routes.post("/sandboxes/{id}/timeout", this::setTimeout);
        routes.post("/sandboxes/{id}/pause", this::pause);
        routes.post("/sandboxes/{id}/connect", this::connect);
        routes.post("/v2/sandboxes/{id}/connect", this::connect);
        routes.get("/sandboxes/{id}/logs", this::logs);
    }

    private void create(Context context, int timeoutDefault) throws HostException {
        var body = Json.body(context, NewSandboxBody.class);
        if (body.templateID() == null || body.templateID().isBlank()) {
            throw new ApiException(400, "templateID: absent (expected: the name of a template, for example base)");
        }
        refuseUnsupported(body);
        var egressWish = wishes.of(body);
        var wanted = new NewSandbox(
                Json.team(context),
                body.templateID(),
                timeout(Objects.requireNonNullElse(body.timeout(), timeoutDefault)),
                Boolean.TRUE.equals(body.autoPause()),
                checkedPairs("metadata", body.metadata()),
                checkedNames(checkedPairs("envVars", body.envVars())),
                access(body.network()),
                egressWish.policy(),
                egressWish.network());
        Json.answer(context, 201, answer(sandboxes.create(wanted)));
    }

    /// What would make a sandbox more open or less durable than was asked for is refused, not ignored.
    private static void refuseUnsupported(NewSandboxBody body) {
        if (body.autoResume() != null && body.autoResume().enabled()) {
            throw new ApiException(400, "autoResume.enabled: true (expected: false; it is not supported)");
        }
    }

    private static Sandbox.Access access(Messages.@Nullable Network network) {
        if (network == null) {
            return Sandbox.Access.PUBLIC;
        }
        var mask = Objects.requireNonNullElse(network.maskRequestHost(), "");
        if (!mask.isEmpty() && !MASK_HOST.matcher(mask).matches()) {
            throw new ApiException(
                    400,
                    "mask request host is not valid: " + mask + " (expected: host or host:port, ${PORT} for the port)");
        }
        return new Sandbox.Access(!Boolean.FALSE.equals(network.allowPublicTraffic()), mask);
    }

    private Messages.SandboxAnswer answer(Sandbox sandbox) {
        return presenter.answer(
                sandbox,
                sandboxes.accessToken(sandbox.id()),
                sandboxes.trafficToken(sandbox).orElse(null));
    }

    private void list(Context context) {
        var query = ListQuery.parse(Json.team(context), context::queryParam);
        var found = store.list(query.withLimit(query.limit() + 1));
        var page = found.subList(0, Math.min(found.size(), query.limit()));
        if (found.size() > page.size()) {
            var last = page.getLast();
            context.header(
                    "X-Next-Token",
                    ListQuery.token(new Position(last.startedAt(), last.id().text())));
        }
        context.header("X-Total-Running", Integer.toString(store.countRunning(query.team())));
        Json.answer(context, 200, page.stream().map(presenter::listed).toList());
    }

    private void listRunning(Context context) {
        var all =
                ListQuery.parse(Json.team(context), name -> name.equals("metadata") ? context.queryParam(name) : null);
        var running = new SandboxStore.Query(
                all.team(), Set.of(SandboxState.RUNNING), all.metadata(), "", null, false, null, Integer.MAX_VALUE);
        Json.answer(
                context,
                200,
                store.list(running).stream().map(presenter::listed).toList());
    }

    private void get(Context context) {
        var sandbox = require(context);
        Json.answer(context, 200, presenter.detail(sandbox, sandboxes.accessToken(sandbox.id()), network(sandbox)));
    }

    /// The way out as the e2b client said it; nothing where our words were used.
    private NetworkShown network(Sandbox sandbox) {
        return egress.find(sandbox.id())
                .map(EgressStore.StoredEgress::network)
                .map(json -> Json.read(json, NetworkShown.class))
                .orElse(NetworkShown.NOTHING);
    }

    private void kill(Context context) throws HostException {
        if (!sandboxes.kill(require(context).id())) {
            throw notFound(context);
        }
        context.status(204);
    }

    private void setTimeout(Context context) {
        var sandbox = require(context);
        if (!sandboxes.setTimeout(sandbox.id(), requiredTimeout(context))) {
            throw notFound(context);
        }
        context.status(204);
    }

    private void pause(Context context) throws HostException {
        var sandbox = require(context);
        var body = context.body().isBlank() ? new PauseBody(null) : Json.body(context, PauseBody.class);
        if (Boolean.FALSE.equals(body.memory())) {
            throw new ApiException(400, "memory: false (expected: true; pausing without memory is not supported)");
        }
        switch (sandboxes.pause(sandbox.id())) {
            case Change.Done done -> context.status(204);
            case Change.Unfit unfit ->
                throw new ApiException(
                        409,
                        "sandbox " + sandbox.id() + " is already "
                                + unfit.sandbox().state().publicName());
            case Change.Absent absent -> throw notFound(context);
        }
    }

    private void connect(Context context) throws HostException {
        var sandbox = require(context);
        if (!context.body().isBlank()
                && Boolean.FALSE.equals(Json.body(context, PauseBody.class).memory())) {
            throw new ApiException(400, "memory: false (expected: true; resuming without memory is not supported)");
        }
        var timeout = context.body().isBlank() ? timeout(TIMEOUT_V2_SECONDS) : requiredTimeout(context);
        switch (sandboxes.connect(sandbox.id(), timeout)) {
            case Change.Done done -> answerConnected(context, 201, done.sandbox());
            case Change.Unfit running -> answerConnected(context, 200, running.sandbox());
            case Change.Absent absent -> throw notFound(context);
        }
    }

    private void answerConnected(Context context, int status, Sandbox sandbox) {
        Json.answer(context, status, answer(sandbox));
    }

    private void logs(Context context) throws HostException {
        var sandbox = require(context);
        var limit = context.queryParam("limit");
        if (limit != null && (!limit.matches("[0-9]{1,5}") || Integer.parseInt(limit) > LOG_LINES_MAX)) {
            throw new ApiException(400, "limit: " + limit + " (expected: 0-" + LOG_LINES_MAX + ")");
        }
        int lines = limit == null ? LOG_LINES_DEFAULT : Integer.parseInt(limit);
        Json.answer(context, 200, LogLines.of(hosts.at(sandbox.host()).log(sandbox.id()), sandbox.startedAt(), lines));
    }

    /// The sandbox of the path, when it is this team's and the API shows it.
    Sandbox require(Context context) {
        UUID team = Json.team(context);
        return SandboxId.parse(context.pathParam("id"))
                .flatMap(sandboxes::find)
                .filter(sandbox ->
                        sandbox.team().equals(team) && sandbox.state().visible())
                .orElseThrow(() -> notFound(context));
    }

    private static ApiException notFound(Context context) {
        return new ApiException(
                404, "Sandbox \"" + context.pathParam("id") + "\" doesn't exist or you don't have access to it");
    }

    private static Duration requiredTimeout(Context context) {
        var timeout = Json.body(context, TimeoutBody.class).timeout();
        return timeout(timeout == null ? TIMEOUT_V2_SECONDS : timeout);
    }

    private static Duration timeout(int seconds) {
        if (seconds <= 0) {
            throw new ApiException(400, "Timeout must be greater than 0");
        }
        if (seconds > Duration.ofHours(TIMEOUT_HOURS_MAX).toSeconds()) {
            throw new ApiException(400, "Timeout cannot be greater than " + TIMEOUT_HOURS_MAX + " hours");
        }
        return Duration.ofSeconds(seconds);
    }

    /// Texts the database and a process environment can hold.
    private static Map<String, String> checkedPairs(String field, @Nullable Map<String, String> pairs) {
        if (pairs == null) {
            return Map.of();
        }
        pairs.forEach((key, value) -> {
            if (value == null) {
                throw new ApiException(400, field + "." + key + ": null (expected: a string)");
            }
            if (key.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new ApiException(400, field + ": a NUL character (expected: text without)");
            }
        });
        return pairs;
    }

    private static Map<String, String> checkedNames(Map<String, String> envVars) {
        for (var name : envVars.keySet()) {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new ApiException(400, "envVars: name \"" + name + "\" (expected: not empty and without '=')");
            }
        }
        return envVars;
    }
}
