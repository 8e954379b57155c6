package io.sallyport.app;

import io.sallyport.cli.Cli;

/// The program `sallyport`.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Cli.commandLine(
                        new UpCommand(), new AgentCommand(), new GatewayCommand(), new RelayCommand(), CaCommand.make())
                .execute(args));
    }
}
