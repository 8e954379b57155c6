package io.sallyport.rpc.egress.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressPolicy.Rule;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What holds for every policy, on policies made at random, always the same ones.
final class PolicyPropertyTest {
    private static final long SEED = 8_991;
    private static final int POLICIES = 2_000;
    private static final List<String> TARGETS = List.of(
            "*",
            "0.0.0.0/0",
            "a.com",
            "b.a.com",
            "*.a.com",
            "*.b.a.com",
            "c.org",
            "8.8.8.8",
            "8.8.8.0/24",
            "8.0.0.0/8",
            "2606:4700::/32",
            "::/0");
    private static final List<String> HOSTS = List.of(
            "a.com", "b.a.com", "c.b.a.com", "c.org", "d.net", "8.8.8.8", "8.1.1.1", "9.9.9.9", "[2606:4700::1]");
    private static final List<Integer> PORTS = List.of(443, 80, 22);
    private static final List<String> SCHEMES = List.of("https", "http", "tcp");
    private static final List<String> METHODS = List.of("GET", "DELETE");
    private static final List<String> PATHS = List.of("/a", "/a/*", "/b/*");
    private static final List<String> TARGET_PATHS = List.of("/a", "/a/x", "/b/", "/c", "/a/../b", "/%61");
    private static final String[] GARBAGE = {
        "a",
        ".",
        "*",
        "*.",
        "com",
        "/",
        "8",
        "%",
        "é",
        "\0",
        " ",
        ":",
        "[",
        "::",
        "GET",
        "tcp",
        "${",
        "e2b.secrets.A}",
        "\r\n"
    };

    @Test
    void theOrderOfRulesDoesNotMatter() throws Exception {
        var random = new Random(SEED);
        for (int i = 0; i < POLICIES; i++) {
            var allow = rules(random);
            var deny = rules(random);
            var source = policy(random, allow, deny);
            var policy = CompiledPolicy.compile(source);
            Collections.shuffle(allow, random);
            Collections.shuffle(deny, random);
            var shuffled = CompiledPolicy.compile(Policies.policy(source.mode(), source.precedence(), allow, deny));
            for (int question = 0; question < 4; question++) {
                long seed = random.nextLong();
                assertEquals(
                        outcomes(policy, new Random(seed)), outcomes(shuffled, new Random(seed)), source::toString);
            }
        }
    }

    /// With [Precedence#DENY] another denial never allows more, and with [Mode#LIMITED] nothing is allowed that no
    /// rule names.
    @Test
    void aDenialAllowsNothing() throws Exception {
        var random = new Random(SEED + 1);
        for (int i = 0; i < POLICIES; i++) {
            var allow = rules(random);
            var deny = rules(random);
            var mode = random.nextBoolean() ? Mode.OPEN : Mode.LIMITED;
            var less = CompiledPolicy.compile(Policies.policy(mode, Precedence.DENY, allow, deny));
            deny.add(random.nextInt(deny.size() + 1), rule(random));
            var more = CompiledPolicy.compile(Policies.policy(mode, Precedence.DENY, allow, deny));
            for (int question = 0; question < 10; question++) {
                long seed = random.nextLong();
                var before = outcomes(less, new Random(seed));
                var after = outcomes(more, new Random(seed));
                for (int answer = 0; answer < before.size(); answer++) {
                    assertFalse(
                            !before.get(answer).equals("+") && after.get(answer).equals("+"), more.source()::toString);
                }
            }
        }
    }

    /// What an address may do, the connection may: `connect` refuses nothing that `address` allows.
    @Test
    void connectRefusesNothingThatAnAddressAllows() throws Exception {
        var random = new Random(SEED + 2);
        int refused = 0;
        for (int i = 0; i < POLICIES; i++) {
            var source = policy(random, rules(random), rules(random));
            var policy = CompiledPolicy.compile(source);
            for (int question = 0; question < 20; question++) {
                var asked = destination(random);
                if (asked.host() instanceof HostName name) {
                    var scheme = pick(SCHEMES, random);
                    var connect = policy.connect(asked, scheme);
                    var address = policy.address(asked, scheme, address(random));
                    assertTrue(connect.isAllowed() || !address.isAllowed(), source::toString);
                    assertTrue(policy.name(name).isAllowed() || !connect.isAllowed(), source::toString);
                    refused += connect.isAllowed() ? 0 : 1;
                }
            }
        }
        assertNotEquals(0, refused);
    }

    @Test
    void whateverIsWrittenCompilesOrIsRefused() {
        var random = new Random(SEED + 3);
        int compiled = 0;
        for (int i = 0; i < 10 * POLICIES; i++) {
            var rule = new Rule(
                    garbage(random),
                    random.nextInt(4) == 0 ? List.of(random.nextInt(70_000)) : null,
                    random.nextInt(4) == 0 ? List.of(garbage(random)) : null,
                    random.nextInt(4) == 0 ? List.of(garbage(random)) : null,
                    random.nextInt(4) == 0 ? List.of("/" + garbage(random)) : null);
            try {
                CompiledPolicy.compile(Policies.allowing(rule));
                Placeholders.names(garbage(random));
                compiled++;
            } catch (PolicyException e) {
                assertTrue(String.valueOf(e.getMessage()).chars().allMatch(c -> c >= ' ' && c < 127), e.getMessage());
            }
        }
        assertTrue(compiled > POLICIES / 10, compiled + " compiled");
    }

    private static List<String> outcomes(CompiledPolicy policy, Random random) {
        var asked = destination(random);
        var scheme = pick(SCHEMES, random);
        var verdicts = new ArrayList<Verdict>();
        verdicts.add(policy.connect(asked, scheme));
        verdicts.add(policy.address(asked, scheme, address(random)));
        verdicts.add(policy.request(asked, "https", pick(METHODS, random), pick(TARGET_PATHS, random)));
        if (asked.host() instanceof HostName name) {
            verdicts.add(policy.name(name));
        }
        return verdicts.stream()
                .map(verdict -> switch (verdict) {
                    case Verdict.Allowed _ -> "+";
                    case Verdict.Refused refused -> refused.reason().id();
                })
                .toList();
    }

    private static EgressPolicy policy(Random random, List<Rule> allow, List<Rule> deny) {
        var mode = random.nextBoolean() ? Mode.OPEN : Mode.LIMITED;
        var precedence = random.nextBoolean() ? Precedence.DENY : Precedence.ALLOW;
        return Policies.policy(mode, precedence, List.copyOf(allow), List.copyOf(deny));
    }

    private static List<Rule> rules(Random random) {
        var rules = new ArrayList<Rule>();
        for (int i = random.nextInt(4); i > 0; i--) {
            rules.add(rule(random));
        }
        return rules;
    }

    private static Rule rule(Random random) {
        var target = pick(TARGETS, random);
        boolean name = target.equals("*") || Target.parseName(target).isPresent();
        return new Rule(
                target,
                some(PORTS, random),
                some(List.of("https", "http"), random),
                name ? some(METHODS, random) : List.of(),
                name ? some(PATHS, random) : List.of());
    }

    private static <T> List<T> some(List<T> values, Random random) {
        return random.nextInt(3) == 0 ? List.of(pick(values, random)) : List.of();
    }

    private static Destination destination(Random random) {
        return Destination.parseAuthority(pick(HOSTS, random) + ":" + pick(PORTS, random))
                .orElseThrow();
    }

    private static IpAddress address(Random random) {
        return IpAddress.parse(pick(List.of("8.8.8.8", "8.1.1.1", "9.9.9.9", "2606:4700::1", "10.0.0.1"), random))
                .orElseThrow();
    }

    private static <T> T pick(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }

    private static String garbage(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(GARBAGE[random.nextInt(GARBAGE.length)]);
        }
        return text.toString();
    }
}
