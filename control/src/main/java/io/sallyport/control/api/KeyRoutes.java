package io.sallyport.control.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.sallyport.control.store.KeyStore;
import io.sallyport.control.store.KeyStore.StoredKey;
import io.sallyport.control.store.KeyStore.Team;
import io.sallyport.control.tenant.ApiKey;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Teams and their keys. A team minds its own keys; an operator's key minds those of all.
final class KeyRoutes {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final String NAME_EXPECTED =
            "(expected: 1 to 63 letters, digits, dots, dashes and underscores, the first a letter or digit)";

    private final KeyStore keys;

    KeyRoutes(KeyStore keys) {
        this.keys = keys;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/sallyport/teams", this::listTeams);
        routes.post("/sallyport/teams", this::addTeam);
        routes.get("/sallyport/keys", this::list);
        routes.post("/sallyport/keys", this::add);
        routes.delete("/sallyport/keys/{id}", this::revoke);
    }

    private void listTeams(Context context) {
        requireOperator(context);
        Json.answer(
                context,
                200,
                keys.teams().stream()
                        .map(team -> new AccessMessages.Team(team.name(), team.operator()))
                        .toList());
    }

    private void addTeam(Context context) {
        requireOperator(context);
        var name = name("name", Json.body(context, AccessMessages.NewTeam.class).name());
        if (!keys.addTeam(name)) {
            throw new ApiException(409, "team " + name + ": there is one of that name");
        }
        Json.answer(context, 201, new AccessMessages.Team(name, false));
    }

    private void list(Context context) {
        var team = team(context, context.queryParam("team"));
        Json.answer(context, 200, keys.keys(team).stream().map(KeyRoutes::shown).toList());
    }

    private void add(Context context) {
        var wanted = context.body().isBlank()
                ? new AccessMessages.NewKey(null, null)
                : Json.body(context, AccessMessages.NewKey.class);
        var team = team(context, wanted.team());
        var name = wanted.name() == null || wanted.name().isEmpty() ? "" : name("name", wanted.name());
        var key = ApiKey.random();
        var stored = keys.add(team, name, key.hash());
        Json.answer(
                context,
                201,
                new AccessMessages.MadeKey(stored.id().toString(), stored.team(), stored.name(), key.text()));
    }

    private void revoke(Context context) {
        var caller = Json.caller(context);
        UUID id;
        try {
            id = UUID.fromString(context.pathParam("id"));
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "key: " + context.pathParam("id") + " (expected: an id as key ls shows it)");
        }
        if (!keys.revoke(id, caller.operator() ? null : caller.id())) {
            throw new ApiException(404, "key " + id + ": there is none, or it is revoked");
        }
        context.status(204);
    }

    /// The team of that name, which must be the caller's own unless the caller is an operator.
    private Team team(Context context, @Nullable String name) {
        var caller = Json.caller(context);
        if (name == null || name.equals(caller.name())) {
            return caller;
        }
        requireOperator(context);
        return keys.team(name).orElseThrow(() -> new ApiException(404, "team " + name + ": there is none"));
    }

    private static void requireOperator(Context context) {
        if (!Json.caller(context).operator()) {
            throw new ApiException(403, "this needs a key of an operator's team");
        }
    }

    private static String name(String field, @Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new ApiException(
                    400, field + ": " + Objects.requireNonNullElse(name, "absent") + " " + NAME_EXPECTED);
        }
        return name;
    }

    private static AccessMessages.Key shown(StoredKey key) {
        return new AccessMessages.Key(
                key.id().toString(),
                key.team(),
                key.name(),
                key.createdAt().toString(),
                key.revokedAt() == null ? null : key.revokedAt().toString());
    }
}
