package io.sallyport.rpc.egress.policy;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Policies written in one line, as in `decisions.csv`.
final class Policies {
    private Policies() {}

    /// @param kind `limited deny`
    static EgressPolicy policy(String kind, String allow, String deny) {
        var words = kind.toUpperCase(Locale.ROOT).split(" ", -1);
        return policy(Mode.valueOf(words[0]), Precedence.valueOf(words[1]), rules(allow), rules(deny));
    }

    static EgressPolicy policy(Mode mode, Precedence precedence, List<Rule> allow, List<Rule> deny) {
        return new EgressPolicy(mode, precedence, allow, deny, null, null, null, null, true, false);
    }

    static EgressPolicy allowing(Rule... rules) {
        return policy(Mode.LIMITED, Precedence.DENY, List.of(rules), List.of());
    }

    static EgressPolicy with(List<String> secrets, List<Transform> transforms, List<String> bypass) {
        return new EgressPolicy(Mode.OPEN, Precedence.DENY, null, null, secrets, transforms, bypass, null, true, false);
    }

    static EgressPolicy through(String address, String username, String password) {
        var proxy = new EgressPolicy.Proxy(address, username, password);
        return new EgressPolicy(Mode.OPEN, Precedence.DENY, null, null, null, null, null, proxy, true, false);
    }

    static List<Rule> rules(String text) {
        return Arrays.stream(text.split(";", -1))
                .filter(rule -> !rule.isBlank())
                .map(Policies::rule)
                .toList();
    }

    private static Rule rule(String text) {
        var words = text.strip().split(" ", -1);
        var ports = new ArrayList<Integer>();
        var schemes = new ArrayList<String>();
        var methods = new ArrayList<String>();
        var paths = new ArrayList<String>();
        for (var word : Arrays.asList(words).subList(1, words.length)) {
            if (word.startsWith("/")) {
                paths.add(word);
            } else if (Character.isDigit(word.charAt(0))) {
                ports.add(Integer.parseInt(word));
            } else if (Character.isUpperCase(word.charAt(0))) {
                methods.add(word);
            } else {
                schemes.add(word);
            }
        }
        return new Rule(words[0], ports, schemes, methods, paths);
    }
}
