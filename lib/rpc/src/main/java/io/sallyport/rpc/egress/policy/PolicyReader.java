package io.sallyport.rpc.egress.policy;

import static io.sallyport.rpc.egress.policy.PolicyException.at;
import static io.sallyport.rpc.egress.policy.PolicyException.quoted;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.wire.address.AddressClass;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks what a policy says. Pure.
///
/// @param operatorPrivate blocks that are not public, but may be allowed here
record PolicyReader(List<IpBlock> operatorPrivate) {
    private static final int RULES_MAX = 1024;
    private static final int VALUES_MAX = 64;
    private static final int PATH_MAX = 1024;
    private static final int PROXY_FIELD_MAX = 255;
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9_-]{0,31}");
    private static final String PREFIX = "*";

    List<CompiledRule> allow(List<Rule> rules) throws PolicyException {
        var compiled = rules("allow", rules);
        for (var rule : compiled) {
            if (rule.target() instanceof Target.Block(var block)) {
                requirePublic("allow[" + rule.index() + "]", block);
            }
        }
        return compiled;
    }

    List<CompiledRule> deny(List<Rule> rules) throws PolicyException {
        return rules("deny", rules);
    }

    /// An allowed block that is never reached would be a rule without effect, and somebody relies on it.
    private void requirePublic(String where, IpBlock block) throws PolicyException {
        var special = AddressClass.of(block);
        if (special.isPresent() && operatorPrivate.stream().noneMatch(own -> own.contains(block))) {
            throw at(
                    where,
                    quoted(block.text()) + " is " + special.get().id() + " and never reached",
                    "public addresses, or private ones that the operator has listed");
        }
    }

    private static List<CompiledRule> rules(String list, List<Rule> rules) throws PolicyException {
        limit(list, rules, RULES_MAX);
        var compiled = new ArrayList<CompiledRule>(rules.size());
        for (int i = 0; i < rules.size(); i++) {
            compiled.add(rule(list + "[" + i + "]", i, rules.get(i)));
        }
        return compiled;
    }

    private static CompiledRule rule(String where, int index, Rule rule) throws PolicyException {
        var target = Target.parse(rule.target()).orElseThrow(() -> at(where, quoted(rule.target()), Target.EXPECTED));
        limit(where + ".ports", rule.ports(), VALUES_MAX);
        limit(where + ".schemes", rule.schemes(), VALUES_MAX);
        limit(where + ".methods", rule.methods(), VALUES_MAX);
        limit(where + ".paths", rule.paths(), VALUES_MAX);
        for (int i = 0; i < rule.ports().size(); i++) {
            int port = rule.ports().get(i);
            check(port >= 1 && port <= Destination.PORT_MAX, where + ".ports", i, String.valueOf(port), "1 to 65535");
        }
        for (int i = 0; i < rule.schemes().size(); i++) {
            var scheme = rule.schemes().get(i);
            check(CompiledRule.SCHEMES.contains(scheme), where + ".schemes", i, quoted(scheme), "https, http or tcp");
        }
        for (int i = 0; i < rule.methods().size(); i++) {
            var method = rule.methods().get(i);
            check(
                    METHOD.matcher(method).matches(),
                    where + ".methods",
                    i,
                    quoted(method),
                    "a method of HTTP in upper case");
        }
        var compiled = new CompiledRule(
                index,
                where + " " + target.text(),
                target,
                Set.copyOf(rule.ports()),
                Set.copyOf(rule.schemes()),
                Set.copyOf(rule.methods()),
                paths(where + ".paths", rule.paths()));
        if (compiled.isLimited()) {
            requireRequests(where, compiled);
        }
        return compiled;
    }

    private static List<CompiledRule.PathPattern> paths(String where, List<String> paths) throws PolicyException {
        var patterns = new ArrayList<CompiledRule.PathPattern>();
        for (int i = 0; i < paths.size(); i++) {
            var text = paths.get(i);
            boolean prefix = text.endsWith(PREFIX);
            var path = prefix ? text.substring(0, text.length() - PREFIX.length()) : text;
            boolean plain = text.length() <= PATH_MAX && path.indexOf('*') < 0 && path.indexOf('?') < 0;
            var canonical = RequestPath.canonical(path).filter(form -> plain);
            check(
                    canonical.isPresent(),
                    where,
                    i,
                    quoted(text),
                    "an unambiguous path that starts with /, where only the end may be *");
            patterns.add(new CompiledRule.PathPattern(canonical.orElseThrow(), prefix));
        }
        return List.copyOf(patterns);
    }

    private static void requireRequests(String where, CompiledRule rule) throws PolicyException {
        if (rule.target() instanceof Target.Block) {
            throw at(where, "methods or paths at " + quoted(rule.target().text()), "a host name or wildcard");
        }
        if (rule.schemes().equals(Set.of(CompiledRule.TCP))) {
            throw at(where, "methods or paths of tcp", "https or http");
        }
    }

    /// A host that is never looked into has no methods and paths: a rule about them would silently not hold there.
    ///
    /// @param rules all there are
    HostTrie<Boolean> bypass(List<String> hosts, List<CompiledRule> rules) throws PolicyException {
        limit("bypass", hosts, RULES_MAX);
        var limited = rules.stream().filter(CompiledRule::isLimited).toList();
        var trie = new HostTrie<Boolean>();
        for (int i = 0; i < hosts.size(); i++) {
            var where = "bypass[" + i + "]";
            var target = add(trie, where, hosts.get(i), true);
            for (var rule : limited) {
                if (target.sharesNamesWith(rule.target())) {
                    throw at(
                            where,
                            quoted(hosts.get(i)) + ", where " + rule.label() + " has methods or paths",
                            "hosts about which no rule has methods or paths, as they are never seen there");
                }
            }
        }
        return trie;
    }

    HostTrie<EgressPolicy.Transform> transforms(List<EgressPolicy.Transform> transforms) throws PolicyException {
        limit("transforms", transforms, RULES_MAX);
        var trie = new HostTrie<EgressPolicy.Transform>();
        for (int i = 0; i < transforms.size(); i++) {
            var transform = transforms.get(i);
            var where = "transforms[" + i + "]";
            var _ = add(trie, where, transform.host(), transform);
            HeaderRules.check(where + ".headers", transform.headers());
        }
        return trie;
    }

    private static <V> Target add(HostTrie<V> trie, String where, String host, V value) throws PolicyException {
        var target = Target.parseName(host)
                .orElseThrow(() -> at(where, quoted(host), "a host, or *.domain below a registrable domain"));
        boolean added = switch (target) {
            case Target.Exact exact -> trie.addExact(exact.name(), value);
            case Target.Below below -> trie.addBelow(below.suffix(), value);
            case Target.Any any -> throw new IllegalStateException(any.text());
            case Target.Block block -> throw new IllegalStateException(block.text());
        };
        if (!added) {
            throw at(where, quoted(host) + " again", "each host once");
        }
        return target;
    }

    static void secrets(List<String> names) throws PolicyException {
        limit("secrets", names, RULES_MAX);
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i);
            check(Placeholders.isName(name), "secrets", i, quoted(name), "1 to 64 of A-Z a-z 0-9 _ . -");
        }
    }

    /// Where it leads is judged again when its name is resolved; an address is judged here.
    void proxy(EgressPolicy.Proxy proxy) throws PolicyException {
        var address = Destination.parseAuthority(proxy.address())
                .orElseThrow(() -> at("proxy.address", quoted(proxy.address()), "host:port"));
        if (address.host() instanceof IpAddress ip) {
            requirePublic("proxy.address", IpBlock.of(ip));
        }
        credential("proxy.username", proxy.username());
        credential("proxy.password", proxy.password());
        if (proxy.username().isEmpty() && !proxy.password().isEmpty()) {
            throw at("proxy.username", "none", "a name for the password");
        }
    }

    /// @spec https://www.rfc-editor.org/info/rfc1929 RFC 1929 §2
    private static void credential(String where, String text) throws PolicyException {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > PROXY_FIELD_MAX) {
            throw at(where, length + " bytes", "at most " + PROXY_FIELD_MAX);
        }
    }

    private static void check(boolean fits, String list, int index, String value, String expected)
            throws PolicyException {
        if (!fits) {
            throw at(list + "[" + index + "]", value, expected);
        }
    }

    private static void limit(String list, List<?> values, int most) throws PolicyException {
        if (values.size() > most) {
            throw at(list, values.size() + " entries", "at most " + most);
        }
    }
}
