package io.sallyport.cli;

import io.sallyport.cli.EgressMessages.Rule;
import io.sallyport.cli.EgressMessages.Status;
import io.sallyport.rpc.egress.EgressApi;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport egress status`
@Command(
        name = "status",
        description = {
            "Show whom a sandbox may reach, what is open now, and what was refused last.",
            "A refusal names its reason and the rule that decided, so that a denial can be told from an outage."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport egress status cl-…",
            "  sallyport egress status cl-… --json | jq .recentRefusals",
        })
final class EgressStatusCommand implements Callable<Integer> {
    @Mixin
    private JsonOption output;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var answer = ApiClient.open().call("GET", EgressCommand.path(id), null);
        var out = spec.commandLine().getOut();
        if (output.json) {
            out.println(answer.text());
        } else {
            print(answer.as(Status.class), out);
        }
        return ExitCode.OK;
    }

    private static void print(Status status, PrintWriter out) {
        var policy = status.policy();
        if (!status.door()) {
            out.println("way out      none, and none can be added: the sandbox was made without");
            return;
        }
        out.println(
                "way out      " + policy.mode() + (policy.transparent() ? "" : ", for programs that know of proxies")
                        + (policy.required() ? ", required" : ""));
        var applied = status.applied() == status.generation() || status.applied() == 0
                ? ""
                : " (the egress gateway still goes by " + status.applied() + ")";
        out.println("generation   " + status.generation() + applied);
        out.println(
                "open         " + status.openTunnels() + " connections, " + status.relays() + " tunnels of the relay");
        print("allow", policy.allow(), out);
        print("deny", policy.deny(), out);
        if (!policy.secrets().isEmpty()) {
            out.println("secrets      " + String.join(", ", policy.secrets()));
        }
        if (policy.proxy() != null) {
            out.println("proxy        " + policy.proxy().address());
        }
        // Each relay tries the host that is never allowed when it starts.
        var refusals = status.recentRefusals().stream()
                .filter(refusal -> !refusal.host().equals(EgressApi.CANARY_DENIED))
                .toList();
        if (refusals.isEmpty()) {
            return;
        }
        out.println();
        var table = new Table("REFUSED", "HOST", "REASON", "RULE");
        for (var refusal : refusals) {
            table.row(refusal.time(), refusal.host() + ":" + refusal.port(), refusal.reason(), refusal.rule());
        }
        table.print(out);
    }

    private static void print(String name, List<Rule> rules, PrintWriter out) {
        var label = "%-13s".formatted(name);
        for (var rule : rules) {
            out.println(label + rule.text());
            label = " ".repeat(label.length());
        }
    }
}
