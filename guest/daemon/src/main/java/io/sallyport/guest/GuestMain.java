package io.sallyport.guest;

import io.sallyport.guest.boot.Accounts;
import io.sallyport.guest.boot.Prepare;
import io.sallyport.guest.process.Processes;
import io.sallyport.kit.Niceness;
import io.sallyport.kit.Port;
import io.sallyport.relay.boot.RelayBoot;
import io.sallyport.relay.boot.RelayConfig;
import io.sallyport.wire.net.Lane;
import java.io.IOException;

/// `guest [--port N] [--train]`
///
/// `--train` is how the build records what a start needs (the AOT cache): it serves itself one of each request
/// and
/// ends.
public final class GuestMain {
    private GuestMain() {}

    public static void main(String[] args) throws IOException {
        int port = Port.GUEST.number();
        boolean train = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--train" -> train = true;
                case "--port" -> port = Integer.parseInt(args[++i]);
                default ->
                    throw new IllegalArgumentException("argument: " + args[i] + " (expected: --port N, --train)");
            }
        }
        if (train) {
            Training.run();
            return;
        }
        Niceness.turnsOfThisThread(Lane.TURN);
        // The door opens first: whoever waits for it gets in line while the rest is made ready.
        var runtime = Runtime.getRuntime();
        var relay = new RelayBoot(
                RelayConfig.SANDBOX, System.getenv(), stop -> runtime.addShutdownHook(new Thread(stop, "relay-stop")));
        var guest = Guest.start(port, new Accounts(), relay);
        guest.startOutbound();
        runtime.addShutdownHook(new Thread(guest::farewell, "farewell"));
        Prepare.sandbox();
        Processes.dropOwnOutput();
        Processes.refuseTracing();
        guest.serve();
    }
}
