package io.sallyport.bench.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// One connection of a load. Its first error is counted and ends it.
abstract class LoadConnection implements Loop.Ready {
    private final Loop loop;
    private final Entry entry;
    private final Tally tally;
    private SocketChannel channel;
    private long progressNanos = System.nanoTime();

    LoadConnection(Loop loop, Entry entry, Tally tally) throws IOException {
        this.loop = loop;
        this.entry = entry;
        this.tally = tally;
        this.channel = SocketChannel.open();
    }

    /// It can be written to.
    abstract void connected() throws IOException;

    /// There is something to read, or the end.
    abstract void readable() throws IOException;

    final void connect() throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var key = loop.register(channel, SelectionKey.OP_CONNECT, this);
        if (channel.connect(entry.address())) {
            established(key);
        }
    }

    final void reconnect() throws IOException {
        channel.close();
        channel = SocketChannel.open();
        connect();
    }

    @Override
    public final void ready(SelectionKey key) {
        progressNanos = System.nanoTime();
        try {
            if (!key.isConnectable()) {
                readable();
            } else if (channel.finishConnect()) {
                established(key);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void established(SelectionKey key) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        connected();
    }

    final void fail(IOException e) {
        tally.error(e.toString());
        close();
    }

    final void failIfSilentSince(long nanos) {
        if (channel.isOpen() && progressNanos - nanos < 0) {
            fail(new IOException("a connection got no answer"));
        }
    }

    final void close() {
        Sockets.close(channel);
    }

    final SocketChannel channel() {
        return channel;
    }

    final Loop loop() {
        return loop;
    }

    final Tally tally() {
        return tally;
    }
}
