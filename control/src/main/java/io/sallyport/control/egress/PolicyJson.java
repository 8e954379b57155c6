package io.sallyport.control.egress;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Policies as JSON: words in lower case, and nothing that is not understood. Pure.
///
/// A rule may be its target alone: `"allow": ["github.com"]`. `transparent` is true where nothing is said.
public final class PolicyJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .build();

    private PolicyJson() {}

    /// What is wrong with a policy, in a sentence for whoever wrote it.
    public static final class FormatException extends Exception {
        private static final long serialVersionUID = 1L;

        FormatException(String message) {
            super(message);
        }
    }

    public static String write(EgressPolicy policy) {
        return MAPPER.writeValueAsString(policy);
    }

    /// A policy for people: without what is secret in it.
    public static JsonNode shown(EgressPolicy policy) {
        var masked = policy.transforms().stream()
                .map(transform -> new Transform(transform.host(), MaskedHeaders.of(transform.headers())))
                .toList();
        var json = MAPPER.valueToTree(withTransforms(policy, masked));
        if (json.get("proxy") instanceof ObjectNode proxy) {
            proxy.remove("password");
        }
        return json;
    }

    /// What [#write] wrote.
    public static EgressPolicy read(String json) throws FormatException {
        try {
            return MAPPER.readValue(json, EgressPolicy.class);
        } catch (JacksonException e) {
            throw explained(e);
        }
    }

    /// What somebody wants.
    public static EgressPolicy parse(byte[] json) throws FormatException {
        try {
            return parse(MAPPER.readTree(json));
        } catch (JacksonException e) {
            throw explained(e);
        }
    }

    /// What somebody wants.
    public static EgressPolicy parse(JsonNode json) throws FormatException {
        if (!(json instanceof ObjectNode given)) {
            throw new FormatException("egress: no object (expected: a policy)");
        }
        if (!given.hasNonNull("mode")) {
            throw new FormatException("egress.mode: absent (expected: none, limited, open)");
        }
        var policy = given.deepCopy();
        for (var list : List.of("allow", "deny")) {
            if (policy.get(list) instanceof ArrayNode rules) {
                targetsToRules(rules);
            }
        }
        if (!policy.has("transparent")) {
            policy.put("transparent", true);
        }
        try {
            return MAPPER.treeToValue(policy, EgressPolicy.class);
        } catch (JacksonException e) {
            throw explained(e);
        }
    }

    private static void targetsToRules(ArrayNode rules) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).isString()) {
                var rule = MAPPER.createObjectNode();
                rule.put("target", rules.get(i).stringValue());
                rules.set(i, rule);
            }
        }
    }

    /// The password where it was left out and nothing else of the proxy changes: who was shown a policy can give it
    /// back.
    public static EgressPolicy keepingPassword(EgressPolicy wanted, EgressPolicy before) {
        var now = wanted.proxy();
        var then = before.proxy();
        if (now == null
                || then == null
                || !now.password().isEmpty()
                || !now.address().equals(then.address())
                || !now.username().equals(then.username())) {
            return wanted;
        }
        return withProxyPassword(wanted, then.password());
    }

    /// The policy with another password of its proxy; it must have one.
    static EgressPolicy withProxyPassword(EgressPolicy policy, String password) {
        var proxy = policy.proxy();
        if (proxy == null) {
            return policy;
        }
        return new EgressPolicy(
                policy.mode(),
                policy.precedence(),
                policy.allow(),
                policy.deny(),
                policy.secrets(),
                policy.transforms(),
                policy.bypass(),
                new Proxy(proxy.address(), proxy.username(), password),
                policy.transparent(),
                policy.required());
    }

    /// The policy with others of them.
    static EgressPolicy withTransforms(EgressPolicy policy, List<Transform> transforms) {
        return new EgressPolicy(
                policy.mode(),
                policy.precedence(),
                policy.allow(),
                policy.deny(),
                policy.secrets(),
                transforms,
                policy.bypass(),
                policy.proxy(),
                policy.transparent(),
                policy.required());
    }

    private static FormatException explained(JacksonException e) {
        var path = "egress" + e.getPath().stream().map(PolicyJson::step).collect(Collectors.joining());
        return new FormatException(
                switch (e) {
                    case UnrecognizedPropertyException unknown ->
                        path + ": not known (expected: " + known(unknown) + ")";
                    case InvalidFormatException word
                    when word.getTargetType().isEnum() ->
                        path + ": " + word.getValue() + " (expected: " + words(word.getTargetType()) + ")";
                    case ValueInstantiationException unmade -> path + ": null in a list (expected: no null)";
                    case DatabindException wrong when !wrong.getPath().isEmpty() -> path + ": of the wrong type";
                    default -> "body: not JSON (" + e.getOriginalMessage() + ")";
                });
    }

    private static String step(Reference reference) {
        return reference.getPropertyName() == null
                ? "[" + reference.getIndex() + "]"
                : "." + reference.getPropertyName();
    }

    private static String known(UnrecognizedPropertyException e) {
        var known = e.getKnownPropertyIds();
        return known == null
                ? "a member of a policy"
                : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    private static String words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
