package io.sallyport.cli;

import io.sallyport.cli.EgressMessages.Rule;
import io.sallyport.cli.EgressMessages.Status;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sallyport egress allow`
@Command(
        name = "allow",
        description = {
            "Let a running sandbox reach a host more, at once.",
            "Methods and paths can be told only where TLS is intercepted, which such a rule brings about."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport egress allow cl-… pypi.org files.pythonhosted.org",
            "  sallyport egress allow cl-… '*.github.com' --port 443",
            "  sallyport egress allow cl-… api.example.com --method GET --path '/v1/*'",
        })
final class EgressAllowCommand implements Callable<Integer> {
    @Option(names = "--port", split = ",", paramLabel = "PORT", description = "Only on these. Default: any.")
    private List<Integer> ports = List.of();

    @Option(
            names = "--scheme",
            split = ",",
            paramLabel = "https|http|tcp",
            description = "Only by these. Default: any.")
    private List<String> schemes = List.of();

    @Option(names = "--method", split = ",", paramLabel = "NAME", description = "Only these. Default: any.")
    private List<String> methods = List.of();

    @Option(
            names = "--path",
            split = ",",
            paramLabel = "PATH",
            description = "Only these, exact or a prefix that ends with *. Default: any.")
    private List<String> paths = List.of();

    @Parameters(index = "0", paramLabel = "ID", description = "The sandbox.")
    private String id;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "TARGET",
            description = "A host, *.example.com, an address or a block of addresses.")
    private List<String> targets;

    @Override
    public Integer call() {
        var api = ApiClient.open();
        var status = api.call("GET", EgressCommand.path(id), null).as(Status.class);
        var rules = targets.stream()
                .map(target -> new Rule(target, ports, schemes, methods, paths))
                .toList();
        // Only what was looked at is replaced: of two who change it at once, one is told.
        api.call(
                "PUT",
                EgressCommand.path(id) + "?generation=" + status.generation(),
                status.policy().allowing(rules));
        return ExitCode.OK;
    }
}
