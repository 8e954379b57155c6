package io.sallyport.control.api;

import io.javalin.http.Context;
import io.sallyport.control.store.KeyStore;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/// Bodies in and out, with errors that name the member and what was expected.
final class Json {
    static final String CALLER = "caller";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    static <T> T body(Context context, Class<T> type) {
        try {
            var body = MAPPER.readValue(context.bodyAsBytes(), type);
            if (body == null) {
                throw new ApiException(400, "body: null (expected: a JSON object)");
            }
            return body;
        } catch (MismatchedInputException e) {
            var path = e.getPath().stream()
                    .map(reference -> reference.getPropertyName() == null ? "[]" : reference.getPropertyName())
                    .collect(Collectors.joining("."));
            var expected = e.getTargetType() == null
                    ? "a JSON object"
                    : e.getTargetType().getSimpleName();
            throw new ApiException(
                    400, (path.isEmpty() ? "body" : path) + ": of the wrong type (expected: " + expected + ")");
        } catch (JacksonException e) {
            throw new ApiException(400, "body: not JSON (" + e.getOriginalMessage() + ")");
        }
    }

    static void answer(Context context, int status, Object body) {
        context.status(status).contentType("application/json").result(MAPPER.writeValueAsBytes(body));
    }

    static String text(Object body) {
        return MAPPER.writeValueAsString(body);
    }

    /// What [#text] wrote.
    static <T> T read(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    /// The team whose key came with the request.
    static KeyStore.Team caller(Context context) {
        return Objects.requireNonNull(context.attribute(CALLER), "set before any route");
    }

    static UUID team(Context context) {
        return caller(context).id();
    }
}
