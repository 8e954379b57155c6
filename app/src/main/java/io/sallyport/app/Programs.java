package io.sallyport.app;

import io.sallyport.cli.Check;
import io.sallyport.cli.CliException;
import io.sallyport.cli.ExitCode;
import io.sallyport.kit.Niceness;
import io.sallyport.wire.net.Lane;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// What the programs that stay in the foreground have in common.
final class Programs {
    private static final Logger LOG = System.getLogger(Programs.class.getName());
    private static final int NICE = -5;
    private static final String GUEST_IMAGE = "sallyport.guest.image";

    private Programs() {}

    /// Ends the program with the check's own words where it fails.
    static void require(Check check) {
        if (!check.ok()) {
            throw new CliException(ExitCode.FAILED, check.found() + " (" + check.fix() + ")");
        }
    }

    /// Lets what somebody waits for go before all else, where we may; where the lane can have no share of its own,
    /// the whole session goes before others instead.
    static void letInteractiveGoFirst() {
        try {
            if (!Lane.takeOwnShare()) {
                Niceness.ofThisSession(NICE);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "nobody goes first: {0}", e.getMessage());
        }
    }

    /// The built guest image.
    static Path guestImage() {
        var image = Path.of(System.getProperty(GUEST_IMAGE, "guest"));
        if (!Files.isExecutable(image.resolve("jre/bin/java"))) {
            throw new CliException(
                    ExitCode.FAILED, "no guest image at " + image + " (build it with: bin/sallyport up)");
        }
        return image;
    }

    /// Runs `stop` when the program is told to end, and then counts the latch down.
    static CountDownLatch onStop(Runnable stop) {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.run();
            stopped.countDown();
        }));
        return stopped;
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
