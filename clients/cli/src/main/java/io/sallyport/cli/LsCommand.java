package io.sallyport.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport ls`
@Command(
        name = "ls",
        aliases = "list",
        description = "List the sandboxes that exist, newest first.",
        footer = {"", "Examples:", "  sallyport ls", "  sallyport ls --json | jq -r '.[].sandboxID'"})
final class LsCommand implements Callable<Integer> {
    @Mixin
    private JsonOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var pages = pages(ApiClient.open());
        if (output.json) {
            // Each page is a JSON array: joined without their brackets they are one.
            var elements = pages.stream()
                    .map(ApiClient.Answer::text)
                    .map(text -> text.substring(1, text.length() - 1))
                    .filter(text -> !text.isEmpty())
                    .toList();
            out.println("[" + String.join(",", elements) + "]");
            return ExitCode.OK;
        }
        var table = new Table("ID", "STATE", "TEMPLATE", "STARTED", "TIME LEFT", "CPU", "MEMORY");
        var now = Instant.now();
        for (var page : pages) {
            for (var sandbox : page.asList(ApiClient.Sandbox.class)) {
                boolean running = Objects.equals(sandbox.state(), "running");
                table.row(
                        sandbox.sandboxID(),
                        String.valueOf(sandbox.state()),
                        sandbox.templateID(),
                        Durations.shortText(Duration.between(instant(sandbox.startedAt()), now)) + " ago",
                        running ? Durations.shortText(Duration.between(now, instant(sandbox.endAt()))) : "-",
                        Integer.toString(sandbox.cpuCount()),
                        sandbox.memoryMB() + " MiB");
            }
        }
        table.print(out);
        return ExitCode.OK;
    }

    static List<ApiClient.Answer> pages(ApiClient api) {
        var pages = new ArrayList<ApiClient.Answer>();
        var next = "";
        do {
            var page = api.call("GET", "/v2/sandboxes" + (next.isEmpty() ? "" : "?nextToken=" + next), null);
            pages.add(page);
            next = page.headers().first("X-Next-Token").orElse("");
        } while (!next.isEmpty());
        return pages;
    }

    private static Instant instant(@Nullable String text) {
        return text == null ? Instant.now() : Instant.parse(text);
    }
}
