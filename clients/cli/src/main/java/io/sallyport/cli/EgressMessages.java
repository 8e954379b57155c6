package io.sallyport.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the platform says of a way out. Everything a policy has is here, so that one can be read, changed and given
/// back.
final class EgressMessages {
    private EgressMessages() {}

    /// @param generation of the policy
    /// @param applied the generation the egress gateway goes by; 0 before it was asked
    record Status(
            Policy policy,
            boolean door,
            long generation,
            long applied,
            long epoch,
            int openTunnels,
            int relays,
            List<Refusal> recentRefusals) {
        Status(
                Policy policy,
                boolean door,
                long generation,
                long applied,
                long epoch,
                int openTunnels,
                int relays,
                @Nullable List<Refusal> recentRefusals) {
            this.policy = policy;
            this.door = door;
            this.generation = generation;
            this.applied = applied;
            this.epoch = epoch;
            this.openTunnels = openTunnels;
            this.relays = relays;
            this.recentRefusals = Objects.requireNonNullElse(recentRefusals, List.of());
        }
    }

    record Refusal(String time, String reason, String host, int port, String rule) {}

    record Rule(String target, List<Integer> ports, List<String> schemes, List<String> methods, List<String> paths) {
        /// `*.example.com ports 443 methods GET`
        String text() {
            return target
                    + part("ports", ports)
                    + part("schemes", schemes)
                    + part("methods", methods)
                    + part("paths", paths);
        }

        private static String part(String name, List<?> values) {
            return values.isEmpty()
                    ? ""
                    : " " + name + " "
                            + String.join(
                                    ",", values.stream().map(String::valueOf).toList());
        }
    }

    record Transform(String host, Map<String, String> headers) {}

    record Proxy(String address, String username) {}

    record Policy(
            String mode,
            String precedence,
            List<Rule> allow,
            List<Rule> deny,
            List<String> secrets,
            List<Transform> transforms,
            List<String> bypass,
            @Nullable Proxy proxy,
            boolean transparent,
            boolean required) {
        Policy allowing(List<Rule> more) {
            var all = new ArrayList<>(allow);
            more.stream().filter(rule -> !all.contains(rule)).forEach(all::add);
            return new Policy(mode, precedence, all, deny, secrets, transforms, bypass, proxy, transparent, required);
        }
    }
}
