package io.sallyport.relay.http;

import io.sallyport.relay.tunnel.Tunnelled;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.HttpServer;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.FairThreads;
import java.io.Closeable;
import java.time.Duration;

/// Serves connections of clients that send `http://` requests to a proxy.
///
/// - **Threads**: a virtual one for each connection.
/// - **Limits**: those of [HttpServer]; how many connections there are is the listener's business.
/// - **Closes**: the connections it was given, when they end, and with [#close()].
public final class PlainHttp implements Closeable {
    private static final Duration HEAD_WAIT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final HttpServer.Config CONFIG =
            new HttpServer.Config(HEAD_WAIT, IDLE, Integer.MAX_VALUE, Integer.MAX_VALUE, HttpLimits.DEFAULT);

    private final Tunnelled way;
    private final HttpServer server;

    public PlainHttp(Tunnelled way) {
        this.way = way;
        this.server = HttpServer.withoutListeners(
                CONFIG, FairThreads.builder().name("relay-http").factory());
    }

    /// Serves a connection and returns at once; it is closed here.
    ///
    /// @return what is to be closed when the connection has been
    public Closeable serve(Connection client) {
        var forwarder = new Forwarder(way);
        server.serve(client, forwarder);
        return forwarder;
    }

    @Override
    public void close() {
        server.close();
    }
}
