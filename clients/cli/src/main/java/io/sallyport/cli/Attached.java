package io.sallyport.cli;

import io.sallyport.rpc.Empty;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.CloseStdinRequest;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.ProcessSelector;
import io.sallyport.rpc.process.SendInputRequest;
import io.sallyport.rpc.process.SendSignalRequest;
import io.sallyport.rpc.process.SendSignalRequest.Signal;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A command inside a sandbox with our standard streams.
///
/// Ctrl-C interrupts it inside, and kills it there when it does not end within [#INTERRUPT_WAIT].
///
/// - **Threads**: the caller's, and one that reads standard input.
final class Attached {
    private static final Duration INTERRUPT_WAIT = Duration.ofSeconds(2);
    private static final int INPUT_BYTES_MAX = 32 << 10;

    private final Guest guest;
    private final ProcessConfig command;
    private final CompletableFuture<Integer> pid = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean outputLost;

    Attached(Guest guest, ProcessConfig command) {
        this.guest = guest;
        this.command = command;
    }

    /// Starts the command, leaves it running and gives its pid.
    static int startDetached(Guest guest, ProcessConfig command) {
        var attached = new Attached(guest, command);
        try {
            attached.follow(null, response -> {
                var event = response.event();
                if (event != null && event.start() != null) {
                    throw new Detached();
                }
            });
        } catch (Detached e) {
            return attached.pid.join();
        }
        return attached.pid.join();
    }

    /// Runs a command to its end and gives what it wrote to its standard output.
    static String outputOf(Guest guest, ProcessConfig command) {
        var written = new ByteArrayOutputStream();
        new Attached(guest, command).follow(null, response -> {
            var event = response.event();
            if (event != null && event.data() != null && event.data().stdout() != null) {
                written.writeBytes(event.data().stdout());
            }
        });
        return written.toString(StandardCharsets.UTF_8);
    }

    private static final class Detached extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Runs the command to its end and gives the exit code a shell would give.
    ///
    /// @param input what its standard input is, null for nothing
    /// @param afterInterrupt what else is to be done when we are interrupted
    int run(@Nullable InputStream input, Runnable afterInterrupt) {
        var interrupted = new Thread(() -> {
            interrupt();
            afterInterrupt.run();
        });
        Runtime.getRuntime().addShutdownHook(interrupted);
        int[] code = {ExitCode.FAILED};
        try {
            follow(input, response -> receive(response, code));
        } finally {
            ended.countDown();
            removeHook(interrupted);
        }
        return code[0];
    }

    private void receive(StartResponse response, int[] code) {
        var event = response.event();
        if (event == null) {
            return;
        }
        if (event.data() != null) {
            print(System.out, event.data().stdout());
            print(System.err, event.data().stderr());
        }
        if (event.end() != null) {
            var end = event.end();
            code[0] = ExitStatus.code(end.exitCode(), end.exited(), end.status());
        }
        if (System.out.checkError() && !outputLost) {
            // Whoever read our output has gone, as in `… | head`: the command is told as a local one would be.
            outputLost = true;
            Thread.ofVirtual().start(() -> signal(Signal.SIGNAL_SIGTERM));
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // We are being interrupted: the hook runs, and the program ends with its code.
        }
    }

    private interface Receiver {
        void receive(StartResponse response);
    }

    private void follow(@Nullable InputStream input, Receiver receiver) {
        var request = new StartRequest(command, null, input != null);
        try {
            guest.rpc().streaming(ProcessApi.START, request, StartResponse.class, response -> {
                var event = response.event();
                if (event != null && event.start() != null) {
                    pid.complete(event.start().pid());
                    if (input != null) {
                        Thread.ofPlatform().daemon().name("stdin").start(() -> feed(input));
                    }
                }
                receiver.receive(response);
            });
        } catch (RpcException e) {
            throw e.code() == RpcCode.INVALID_ARGUMENT
                    ? new CliException(ExitCode.CANNOT_RUN, String.valueOf(e.getMessage()))
                    : Guest.refused(e);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "the connection to the sandbox broke: " + e.getMessage());
        }
    }

    private void feed(InputStream input) {
        var selector = ProcessSelector.byPid(pid.join());
        var buffer = new byte[INPUT_BYTES_MAX];
        try {
            int n;
            while ((n = input.read(buffer)) >= 0) {
                var bytes = Arrays.copyOf(buffer, n);
                var request = new SendInputRequest(selector, SendInputRequest.Input.stdin(bytes));
                guest.unary(ProcessApi.SEND_INPUT, request, Empty.class);
            }
            guest.unary(ProcessApi.CLOSE_STDIN, new CloseStdinRequest(selector), Empty.class);
        } catch (IOException | CliException e) {
            // The command has ended or closed its input: there is nobody to feed.
        }
    }

    private void interrupt() {
        try {
            signal(Signal.SIGNAL_SIGINT);
            if (!ended.await(INTERRUPT_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                signal(Signal.SIGNAL_SIGKILL);
                var _ = ended.await(INTERRUPT_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(Signal signal) {
        if (pid.isDone()) {
            try {
                var request = new SendSignalRequest(ProcessSelector.byPid(pid.join()), signal);
                guest.unary(ProcessApi.SEND_SIGNAL, request, Empty.class);
            } catch (CliException e) {
                // It has ended.
            }
        }
    }

    private static void print(PrintStream to, byte @Nullable [] bytes) {
        if (bytes != null) {
            to.write(bytes, 0, bytes.length);
            to.flush();
        }
    }
}
