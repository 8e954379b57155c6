package io.sallyport.control.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.sallyport.control.api.Messages.NetworkUpdate;
import io.sallyport.control.egress.EgressService;
import io.sallyport.control.egress.EgressService.Current;
import io.sallyport.control.egress.PolicyJson;
import io.sallyport.control.egress.Sealed;
import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.control.sandbox.SandboxState;
import io.sallyport.rpc.egress.EgressAudit;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A sandbox's way out: its policy, what is going on, and what went on.
final class EgressRoutes {
    private static final int LOG_LINES_DEFAULT = 100;

    private final Function<Context, Sandbox> required;
    private final EgressService egress;
    private final EgressWishes wishes;
    private final Supplier<Optional<EgressAudit>> audit;
    private final AuditReads reads = new AuditReads();

    /// @param required finds the sandbox of the path, or ends the request
    /// @param audit empty while there is no egress gateway
    EgressRoutes(
            Function<Context, Sandbox> required,
            EgressService egress,
            EgressWishes wishes,
            Supplier<Optional<EgressAudit>> audit) {
        this.required = required;
        this.egress = egress;
        this.wishes = wishes;
        this.audit = audit;
    }

    void addTo(RoutesConfig to) {
        to.put("/sandboxes/{id}/network", this::setNetwork);
        to.get("/sallyport/sandboxes/{id}/egress", this::show);
        to.put("/sallyport/sandboxes/{id}/egress", this::set);
        to.post("/sallyport/sandboxes/{id}/egress/rotate", this::rotate);
        to.get("/sallyport/sandboxes/{id}/egress/log", this::log);
    }

    /// @param generation of the policy; `PUT …/egress?generation=N` replaces no other one
    /// @param applied the generation the egress gateway goes by
    record Shown(
            JsonNode policy,
            boolean door,
            long generation,
            long applied,
            long epoch,
            int openTunnels,
            int relays,
            List<EgressState.Refusal> recentRefusals) {}

    record Rotated(long epoch) {}

    private void setNetwork(Context context) {
        var sandbox = required.apply(context);
        if (sandbox.state() != SandboxState.RUNNING) {
            throw new ApiException(
                    409, "sandbox " + sandbox.id() + " is " + sandbox.state().publicName() + " (expected: running)");
        }
        var wish = wishes.of(Json.body(context, NetworkUpdate.class));
        replace(context, sandbox, wish.policy(), wish.network());
    }

    private void set(Context context) {
        var sandbox = required.apply(context);
        replace(context, sandbox, wishes.policy(Json.body(context, JsonNode.class)), null);
    }

    private void replace(Context context, Sandbox sandbox, EgressPolicy policy, @Nullable String network) {
        var current = current(sandbox);
        var expected = number(context, "generation", current.generation());
        if (expected != current.generation()) {
            throw overtaken(sandbox);
        }
        var whole = EgressWishes.restored(policy, current.policy());
        switch (egress.replace(sandbox.id(), current, whole, network)) {
            case DONE -> context.status(204);
            case NO_DOOR ->
                throw new ApiException(
                        409, "sandbox " + sandbox.id() + " was made without a way out, and none can be added");
            case OVERTAKEN -> throw overtaken(sandbox);
        }
    }

    private static ApiException overtaken(Sandbox sandbox) {
        return new ApiException(
                409, "the policy of sandbox " + sandbox.id() + " was changed meanwhile; look at it and try again");
    }

    private void show(Context context) {
        var sandbox = required.apply(context);
        var current = current(sandbox);
        var state = audit.get().map(known -> known.state(sandbox.id())).orElse(EgressState.NOTHING);
        Json.answer(
                context,
                200,
                new Shown(
                        PolicyJson.shown(current.policy()),
                        current.door(),
                        current.generation(),
                        state.generation(),
                        current.epoch(),
                        state.openTunnels(),
                        state.relays(),
                        state.recentRefusals()));
    }

    private void rotate(Context context) {
        var sandbox = required.apply(context);
        var epoch = egress.rotate(sandbox.id());
        if (epoch.isEmpty()) {
            throw new ApiException(409, "sandbox " + sandbox.id() + " has ended");
        }
        Json.answer(context, 200, new Rotated(epoch.getAsLong()));
    }

    private void log(Context context) {
        var sandbox = required.apply(context);
        long after = number(context, "after", 0);
        long limit = number(context, "limit", LOG_LINES_DEFAULT);
        if (limit < 1 || limit > EgressAudit.READ_MAX) {
            throw new ApiException(400, "limit: " + limit + " (expected: 1-" + EgressAudit.READ_MAX + ")");
        }
        var known = audit.get()
                .orElseThrow(() -> new ApiException(503, "no egress gateway runs that could tell; try again"));
        try (var _ = reads.enter(sandbox.team())) {
            Json.answer(context, 200, known.read(sandbox.id(), after, (int) limit));
        } catch (IOException e) {
            throw new ApiException(503, "the audit log cannot be read now; try again");
        }
    }

    private Current current(Sandbox sandbox) {
        try {
            return egress.current(sandbox.id())
                    .orElseThrow(() -> new ApiException(404, "sandbox " + sandbox.id() + " is gone"));
        } catch (Sealed.BrokenException e) {
            throw new ApiException(500, "the policy was sealed with another key (expected: the file secrets-key)");
        }
    }

    private static long number(Context context, String name, long otherwise) {
        var text = context.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new ApiException(400, name + ": " + text + " (expected: a number)");
        }
        return Long.parseLong(text);
    }
}
