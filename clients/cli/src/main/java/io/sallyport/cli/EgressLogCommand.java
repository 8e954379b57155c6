package io.sallyport.cli;

import io.sallyport.rpc.egress.EgressRecord;
import io.sallyport.rpc.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `sallyport egress log`
@Command(
        name = "log",
        description = {
            "Show what a sandbox wanted to reach, and what became of it: one line for each decision and request.",
            "With --json one JSON object a line, as the audit log holds it."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport egress log cl-…",
            "  sallyport egress log cl-… --follow",
            "  sallyport egress log cl-… --json | jq 'select(.decision == \"refused\") | .host' | sort | uniq -c",
        })
final class EgressLogCommand implements Callable<Integer> {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final int PAGE = 1_000;

    @Mixin
    private JsonOption output;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--after", paramLabel = "SEQ", description = "Only what comes behind this line of the log.")
    private long after;

    @Parameters(paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var api = ApiClient.open();
        var path = EgressCommand.path(id) + "/log?limit=" + PAGE + "&after=";
        long seen = after;
        boolean first = true;
        while (true) {
            var records = api.call("GET", path + seen, null).asList(EgressRecord.class);
            print(records, first);
            first &= records.isEmpty();
            seen = records.isEmpty() ? seen : records.getLast().seq();
            if (records.size() == PAGE) {
                continue;
            }
            if (!follow || System.out.checkError()) {
                return ExitCode.OK;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private void print(List<EgressRecord> records, boolean withHead) {
        var out = spec.commandLine().getOut();
        if (output.json) {
            records.forEach(line -> out.println(new String(RecordJson.write(line), StandardCharsets.UTF_8)));
            return;
        }
        if (records.isEmpty()) {
            return;
        }
        var table = new Table("TIME", "EVENT", "DESTINATION", "DECISION", "WHY", "OUT", "IN");
        records.forEach(line -> table.row(
                line.time(),
                line.event(),
                destination(line),
                line.status() == 0 ? line.decision() : line.decision() + " " + line.status(),
                line.reason().isEmpty() ? line.rule() : line.reason() + " " + line.rule(),
                Long.toString(line.bytesOut()),
                Long.toString(line.bytesIn())));
        table.print(out, withHead);
    }

    /// `GET https://api.example.com:443/v1 (github)`, the last the credential that was put in.
    private static String destination(EgressRecord line) {
        var place =
                line.host().isEmpty() ? "" : line.host() + (line.port() == 0 ? "" : ":" + line.port()) + line.path();
        var method = line.method().isEmpty() ? "" : line.method() + " ";
        var credential = line.credential().isEmpty() ? "" : " (" + line.credential() + ")";
        return method + place + credential;
    }
}
