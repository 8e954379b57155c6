package io.sallyport.relay.listen;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RecentFailures;
import io.sallyport.relay.RelayReason;
import io.sallyport.relay.http.PlainHttp;
import io.sallyport.relay.listen.ClientHead.Asked;
import io.sallyport.relay.tunnel.Answer;
import io.sallyport.relay.tunnel.Tunnelled;
import io.sallyport.relay.tunnel.Tunnelled.Outcome;
import io.sallyport.relay.tunnel.Tunnels;
import io.sallyport.wire.http1.Unread;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairThreads;
import io.sallyport.wire.net.Listener;
import io.sallyport.wire.net.Loopback;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// The proxy that programs in the sandbox are told of.
///
/// ```
///   HEAD ──CONNECT──▶ CONNECTING ──gateway answers──▶ ESTABLISHED ──both ended──▶ closed
///    │                    └──no way to it──▶ 407, 502       └──tunnel broke──▶ reset, and no word
///    ├──http://…──▶ PlainHttp
///    ├──/status──▶ Status
///    └──else──▶ 400, 405
/// ```
///
/// What the gateway answers goes to the client byte for byte.
///
/// - **Threads**: a virtual one for each connection.
/// - **Limits**: [#CONNECTIONS_MAX], beyond that 503, or nothing while [#REFUSING_MAX] are being told; [#HEAD_WAIT] to
/// the end of a head; see [ClientHead].
/// - **Errors**: without descriptors it waits and goes on, see [Listener].
/// - **Closes**: [#close()] the listener and all connections.
///
/// Source: reference/egress.md §1.5.
public final class RelayServer implements Closeable {
    public static final int CONNECTIONS_MAX = 1_024;

    private static final Logger LOG = System.getLogger(RelayServer.class.getName());
    private static final int REFUSING_MAX = 64;
    private static final Duration HEAD_WAIT = Duration.ofSeconds(10);

    private final Listener listener;
    private final Tunnelled way;
    private final PlainHttp plain;
    private final Status status;
    private final int connectionsMax;
    private final Duration headWait;
    private final Set<ClientEnd> open = ConcurrentHashMap.newKeySet();
    private final Semaphore refusing = new Semaphore(REFUSING_MAX);

    private RelayServer(
            Listener listener, Tunnelled way, PlainHttp plain, Status status, int connectionsMax, Duration headWait) {
        this.listener = listener;
        this.way = way;
        this.plain = plain;
        this.status = status;
        this.connectionsMax = connectionsMax;
        this.headWait = headWait;
    }

    /// Listens on 127.0.0.1.
    ///
    /// @param port 0 lets the system choose, see [#address()]
    public static RelayServer start(int port, Tunnels tunnels, RecentFailures failures, Status status)
            throws IOException {
        return start(port, tunnels, failures, status, CONNECTIONS_MAX, HEAD_WAIT);
    }

    static RelayServer start(
            int port, Tunnels tunnels, RecentFailures failures, Status status, int connectionsMax, Duration headWait)
            throws IOException {
        var way = new Tunnelled(tunnels, failures);
        var server = new RelayServer(
                Listener.bind(Loopback.v4(port)), way, new PlainHttp(way), status, connectionsMax, headWait);
        server.listener.start(server::accept);
        return server;
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /// Open connections.
    public int connections() {
        return open.size();
    }

    private void accept(Connection accepted) {
        var client = new Client(accepted);
        boolean full = open.size() >= connectionsMax;
        if (!full) {
            open.add(client.client);
        } else if (!refusing.tryAcquire()) {
            client.client.close();
            return;
        }
        boolean started = false;
        try {
            var _ = FairThreads.builder().name("relay").start(full ? client::refuse : client::serve);
            started = true;
        } finally {
            if (!started) {
                client.client.close();
            }
        }
    }

    /// One connection.
    private final class Client {
        private final ClientEnd client;

        Client(Connection accepted) {
            this.client = new ClientEnd(accepted, this::forget);
        }

        private void forget() {
            open.remove(client);
        }

        void refuse() {
            try {
                Refusal.send(client, RelayReason.RELAY_BUSY.refusal());
            } finally {
                refusing.release();
            }
        }

        void serve() {
            boolean handedOn = false;
            try {
                client.deadline(Deadline.after(headWait));
                handedOn = serve(ClientHead.read(client));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a connection ended: {0}", e.toString());
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.log(Level.ERROR, "a connection failed", e);
            } finally {
                if (!handedOn) {
                    client.close();
                }
            }
        }

        /// True when somebody else closes the connection.
        private boolean serve(Asked asked) throws IOException {
            switch (asked) {
                case Asked.Connect connect -> connect(connect);
                case Asked.Plain(byte[] bytes) -> {
                    client.speaksHttp(() -> {});
                    client.speaksHttp(plain.serve(new Unread(client, bytes)));
                    return true;
                }
                case Asked.Own own -> status.answer(client, own);
                case Asked.Wrong(var refusal) -> Refusal.send(client, refusal);
                case Asked.Gone gone -> client.shutdownOutput();
            }
            return false;
        }

        private void connect(Asked.Connect asked) throws IOException {
            client.deadline(Deadline.NEVER); // from here on the waits are those of the way
            var authority = asked.to().text();
            switch (way.open(authority, "", asked.trace(), asked.rest())) {
                case Outcome.Unanswered(var refusal) -> Refusal.send(client, refusal);
                case Outcome.Answered(var tunnel, var answer) -> pass(tunnel, answer, authority);
            }
        }

        private void pass(Connection opened, Answer answer, String authority) throws IOException {
            try (var tunnel = opened) {
                var bytes = answer.bytes();
                client.deadline(Deadline.after(headWait));
                client.write(bytes, 0, bytes.length);
                if (answer.refused()) {
                    passRefusal(tunnel);
                } else {
                    way.copy(client, tunnel, authority);
                }
            }
        }

        /// The rest of an answer behind which there is no tunnel.
        private void passRefusal(Connection tunnel) throws IOException {
            tunnel.deadline(Deadline.after(headWait));
            var buffer = new byte[4 << 10];
            for (int n = tunnel.read(buffer, 0, buffer.length); n >= 0; n = tunnel.read(buffer, 0, buffer.length)) {
                client.write(buffer, 0, n);
            }
            Refusal.end(client);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        plain.close();
        open.forEach(ClientEnd::close);
    }
}
