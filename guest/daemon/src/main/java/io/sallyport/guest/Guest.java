package io.sallyport.guest;

import io.sallyport.guest.boot.Accounts;
import io.sallyport.guest.files.FilesEndpoint;
import io.sallyport.guest.outbound.BrowserTrust;
import io.sallyport.guest.outbound.Outbound;
import io.sallyport.guest.process.Children;
import io.sallyport.guest.process.ProcessService;
import io.sallyport.guest.process.Processes;
import io.sallyport.guest.terminal.TerminalEndpoint;
import io.sallyport.guest.terminal.TerminalService;
import io.sallyport.relay.boot.RelayBoot;
import io.sallyport.rpc.RpcServer;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Loopback;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The wiring of the guest daemon.
///
/// - **Threads**: a platform thread per connection, because everything here is interactive.
/// - **Closes**: nobody; the daemon lives as long as its sandbox.
final class Guest implements Closeable {
    private static final int STACK_BYTES = 256 << 10;
    private static final HttpServer.Config LIMITS =
            new HttpServer.Config(Duration.ofSeconds(10), Duration.ofSeconds(640), 1024, 1024, HttpLimits.DEFAULT);

    private final ProcessService commands;
    private final TerminalEndpoint terminals;
    private final Outbound outbound;
    private final HttpServer server;
    private final CountDownLatch ready = new CountDownLatch(1);

    private Guest(int port, Accounts accounts, RelayBoot relay) throws IOException {
        var session = new Session();
        var log = new LogRing();
        var users = new Users(accounts, session);
        outbound = new Outbound(relay, log);
        var processes = new Processes(new Children(), users, session, log, outbound);
        outbound.whenEnabled(new BrowserTrust(processes, users, log)::install);
        var rpc = new RpcServer();
        commands = new ProcessService(processes, users);
        commands.addTo(rpc);
        new TerminalService(processes, users).addTo(rpc);
        terminals = new TerminalEndpoint(processes);
        var http = new GuestHttp(session, log, new FilesEndpoint(users), terminals, outbound, rpc);
        server = HttpServer.start(
                List.of(Loopback.v4(port)),
                LIMITS,
                task -> Thread.ofPlatform()
                        .daemon()
                        .stackSize(STACK_BYTES)
                        .name("http")
                        .unstarted(task),
                exchange -> {
                    await(ready);
                    http.handle(exchange);
                });
    }

    /// Binds the port. Requests wait until [#open()].
    static Guest start(int port, Accounts accounts, RelayBoot relay) throws IOException {
        return new Guest(port, accounts, relay);
    }

    /// Brings the way out up, beside everything else. Until its outcome is known no process starts.
    void startOutbound() {
        outbound.start();
    }

    void open() {
        ready.countDown();
    }

    /// Serves for ever.
    void serve() {
        open();
        await(new CountDownLatch(1));
    }

    int port() {
        return server.address().getPort();
    }

    /// Tells everybody who follows something here that the sandbox ends.
    void farewell() {
        terminals.farewell();
        commands.farewell();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the guest daemon", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
