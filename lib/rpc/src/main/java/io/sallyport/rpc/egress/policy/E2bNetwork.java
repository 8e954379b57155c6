package io.sallyport.rpc.egress.policy;

import static io.sallyport.rpc.egress.policy.PolicyException.at;
import static io.sallyport.rpc.egress.policy.PolicyException.quoted;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The way out as the `e2b` clients write it: allow beats deny, and what no rule names is allowed.
///
/// Names, limits and messages are those of `e2b`, because its clients show them. Source: reference/sandbox-api.md
/// §4.5.
///
/// @param allowOut addresses, CIDR blocks, names, `*.domain`, `*`
/// @param denyOut addresses and CIDR blocks
/// @param rules headers to set, by host; they grant no access
/// @param egressProxy null: none
/// @param allowInternetAccess false denies all that `allowOut` does not name; it stands beside the network settings
public record E2bNetwork(
        List<String> allowOut,
        List<String> denyOut,
        Map<String, List<HostRule>> rules,
        EgressPolicy.@Nullable Proxy egressProxy,
        Boolean allowInternetAccess) {
    private static final int RULE_HOSTS_MAX = 10;
    private static final int RULE_HOST_LENGTH_MAX = 128;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,3}");

    private static final String DOMAINS_WITHOUT_DENIAL =
            "When specifying allowed domains in allow out, you must include 'ALL_TRAFFIC' in deny out to block all other"
                    + " traffic.";

    public E2bNetwork(
            @Nullable List<String> allowOut,
            @Nullable List<String> denyOut,
            @Nullable Map<String, List<HostRule>> rules,
            EgressPolicy.@Nullable Proxy egressProxy,
            @Nullable Boolean allowInternetAccess) {
        this.allowOut = allowOut == null ? List.of() : List.copyOf(allowOut);
        this.denyOut = denyOut == null ? List.of() : List.copyOf(denyOut);
        this.rules = rules == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        this.egressProxy = egressProxy;
        this.allowInternetAccess = Objects.requireNonNullElse(allowInternetAccess, true);
    }

    /// What `e2b` has for a host.
    ///
    /// @param transform null: nothing
    public record HostRule(@Nullable Headers transform) {}

    public record Headers(Map<String, String> headers) {
        public Headers(@Nullable Map<String, String> headers) {
            this.headers = headers == null ? Map.of() : Map.copyOf(headers);
        }

        /// Without values: they may be secrets.
        @Override
        public String toString() {
            return "Headers" + headers.keySet();
        }
    }

    /// Still to be compiled, which refuses more: private addresses that are allowed, for example.
    public EgressPolicy toPolicy() throws PolicyException {
        var deny = denied();
        var allow = allowed(deny.stream().anyMatch(rule -> rule.target().equals(Target.ALL_TRAFFIC)));
        return new EgressPolicy(
                Mode.OPEN, Precedence.ALLOW, allow, deny, List.of(), transforms(), List.of(), egressProxy, true, false);
    }

    private List<Rule> denied() throws PolicyException {
        var deny = new ArrayList<Rule>();
        for (var text : denyOut) {
            var block = block(text).orElseThrow(() -> new PolicyException("invalid denied CIDR " + text));
            deny.add(Rule.of(block));
        }
        if (!allowInternetAccess) {
            deny.add(Rule.of(Target.ALL_TRAFFIC));
        }
        return deny;
    }

    private List<Rule> allowed(boolean restDenied) throws PolicyException {
        var allow = new ArrayList<Rule>();
        boolean names = false;
        for (var text : allowOut) {
            var block = block(text);
            boolean name = block.isEmpty()
                    && (text.equals(Target.ANY) || Target.parseName(text).isPresent());
            if (block.isEmpty() && !name) {
                throw new PolicyException("invalid allowed address " + text);
            }
            names |= name;
            allow.add(Rule.of(block.orElse(text)));
        }
        if (names && !restDenied) {
            throw new PolicyException(DOMAINS_WITHOUT_DENIAL);
        }
        return allow;
    }

    /// An address or a block in our spelling; bits behind the prefix are dropped, as `e2b` does.
    private static Optional<String> block(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return IpAddress.parse(text).map(address -> address.unmapped().text());
        }
        var digits = text.substring(slash + 1);
        return IpAddress.parse(text.substring(0, slash))
                .filter(address -> DIGITS.matcher(digits).matches() && Integer.parseInt(digits) <= address.bits())
                .map(address ->
                        IpBlock.around(address, Integer.parseInt(digits)).text());
    }

    private List<EgressPolicy.Transform> transforms() throws PolicyException {
        if (rules.size() > RULE_HOSTS_MAX) {
            throw at("rules", rules.size() + " domains", "at most " + RULE_HOSTS_MAX);
        }
        var transforms = new ArrayList<EgressPolicy.Transform>();
        for (var entry : rules.entrySet()) {
            var host = entry.getKey();
            var where = "rules[" + quoted(host) + "]";
            if (host.length() > RULE_HOST_LENGTH_MAX || Target.parseName(host).isEmpty()) {
                throw at("rules", quoted(host), "a DNS name of at most " + RULE_HOST_LENGTH_MAX + " characters");
            }
            if (entry.getValue().size() > 1) {
                throw at(where, entry.getValue().size() + " transforms", "at most 1");
            }
            for (var rule : entry.getValue()) {
                if (rule.transform() != null) {
                    HeaderRules.check(
                            where + ".transform.headers", rule.transform().headers());
                    transforms.add(
                            new EgressPolicy.Transform(host, rule.transform().headers()));
                }
            }
        }
        return transforms;
    }
}
