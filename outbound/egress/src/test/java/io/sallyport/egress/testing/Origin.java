package io.sallyport.egress.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A host in the world: a listener on 127.0.0.1.
public final class Origin implements Closeable {
    private static final int WAIT_MS = 10_000;

    private final ServerSocket listener;
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

    private Origin(ServerSocket listener) {
        this.listener = listener;
    }

    /// What is done with a connection, on a thread of its own.
    public interface Behaviour {
        void run(Socket socket) throws IOException;
    }

    /// One that sends back what it gets, and ends when the client does.
    public static Origin echo() throws IOException {
        return with(socket -> {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        });
    }

    /// One whose connections the test takes by itself.
    public static Origin manual() throws IOException {
        return with(socket -> {});
    }

    public static Origin with(Behaviour behaviour) throws IOException {
        var origin = new Origin(new ServerSocket(0, 64, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        Thread.ofVirtual().start(() -> origin.accept(behaviour));
        return origin;
    }

    private void accept(Behaviour behaviour) {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                socket.setSoTimeout(WAIT_MS);
                accepted.add(socket);
                Thread.ofVirtual().start(() -> {
                    try {
                        behaviour.run(socket);
                    } catch (IOException e) {
                        // The other side of it is what the test looks at.
                    }
                });
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// The next connection that was made.
    public Socket next() throws InterruptedException {
        var socket = accepted.poll(WAIT_MS, TimeUnit.MILLISECONDS);
        if (socket == null) {
            throw new AssertionError("nobody connected");
        }
        return socket;
    }

    /// Connections that were made and not taken.
    public int waiting() {
        return accepted.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : accepted) {
            socket.close();
        }
    }
}
