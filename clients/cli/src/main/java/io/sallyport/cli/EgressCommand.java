package io.sallyport.cli;

import picocli.CommandLine.Command;

/// `sallyport egress`
@Command(
        name = "egress",
        description = "A sandbox's way out: whom it may reach, what it reached, and why something did not get out.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            EgressStatusCommand.class,
            EgressLogCommand.class,
            EgressAllowCommand.class,
            EgressPolicyCommand.class,
            EgressRotateCommand.class,
            EgressDoctorCommand.class
        })
final class EgressCommand {
    private EgressCommand() {}

    static String path(String id) {
        return "/sallyport/sandboxes/" + ApiClient.checked(id) + "/egress";
    }
}
