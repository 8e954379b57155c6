package io.sallyport.app;

import io.sallyport.cli.Cli;

/// The program `sallyport`.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var commands = Cli.commandLine(
                new UpCommand(), new AgentCommand(), new GatewayCommand(), CaCommand.make(), new RelayCommand());
        Cli.addBelow(commands, "egress", new EgressVerifyCommand());
        System.exit(commands.execute(args));
    }
}
