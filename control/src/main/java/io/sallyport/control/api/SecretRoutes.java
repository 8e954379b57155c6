package io.sallyport.control.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.sallyport.control.egress.Secrets;
import io.sallyport.control.store.SecretStore.Binding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A team's secrets. Their values go in and never come out.
final class SecretRoutes {
    private final Secrets secrets;

    SecretRoutes(Secrets secrets) {
        this.secrets = secrets;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/sallyport/secrets", this::list);
        routes.post("/sallyport/secrets", this::add);
        routes.delete("/sallyport/secrets/{name}", this::delete);
    }

    /// Prints redacted.
    record NewSecret(
            @Nullable String name,
            @Nullable String value,
            @Nullable String host,
            @Nullable String scheme,
            @Nullable Integer port) {
        @Override
        public String toString() {
            return "NewSecret[" + name + "]";
        }
    }

    record Shown(
            String name,
            String placeholder,
            String host,
            String scheme,
            int port,
            @Nullable String createdAt) {
        static Shown of(Binding binding, @Nullable Instant createdAt) {
            return new Shown(
                    binding.name(),
                    binding.placeholder(),
                    binding.host(),
                    binding.scheme(),
                    binding.port(),
                    createdAt == null ? null : createdAt.toString());
        }
    }

    private void list(Context context) {
        Json.answer(
                context,
                200,
                secrets.list(Json.team(context)).stream()
                        .map(stored -> Shown.of(stored.binding(), stored.createdAt()))
                        .toList());
    }

    private void add(Context context) {
        var wanted = Json.body(context, NewSecret.class);
        try {
            var made = secrets.add(
                            Json.team(context),
                            wanted.name(),
                            wanted.value(),
                            wanted.host(),
                            wanted.scheme(),
                            wanted.port())
                    .orElseThrow(
                            () -> new ApiException(409, "secret " + wanted.name() + ": there is one of that name"));
            Json.answer(context, 201, Shown.of(made, null));
        } catch (Secrets.RefusedException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
    }

    private void delete(Context context) {
        var name = context.pathParam("name");
        if (!secrets.delete(Json.team(context), name)) {
            throw new ApiException(404, "secret " + name + ": there is none");
        }
        context.status(204);
    }
}
