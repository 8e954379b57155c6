package io.sallyport.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// The backend's end of a WebSocket: answers each message with its payload.
final class Echo implements Loop.Ready {
    private static final int MESSAGE_BYTES = WebSocket.HEADER_BYTES + WebSocket.MASK_BYTES + WebSocket.PAYLOAD_BYTES;

    private final SocketChannel channel;
    private final byte[] message = new byte[MESSAGE_BYTES];
    private final ByteBuffer received = ByteBuffer.wrap(message);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(WebSocket.HEADER_BYTES + WebSocket.PAYLOAD_BYTES);

    private Echo(SocketChannel channel) {
        this.channel = channel;
    }

    static Echo begin(SocketChannel channel, String key) throws IOException {
        var head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + WebSocket.accept(key) + "\r\n\r\n";
        Sockets.writeAll(channel, ByteBuffer.wrap(Head.ascii(head)));
        return new Echo(channel);
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            if (channel.read(received) < 0) {
                channel.close();
            } else if (!received.hasRemaining()) {
                answer();
                received.clear();
            }
        } catch (IOException e) {
            Sockets.close(channel);
        }
    }

    private void answer() throws IOException {
        answer.clear().put(WebSocket.BINARY).put((byte) WebSocket.PAYLOAD_BYTES);
        for (int i = 0; i < WebSocket.PAYLOAD_BYTES; i++) {
            int masked = WebSocket.HEADER_BYTES + WebSocket.MASK_BYTES + i;
            answer.put((byte) (message[masked] ^ message[WebSocket.HEADER_BYTES + i % WebSocket.MASK_BYTES]));
        }
        Sockets.writeAll(channel, answer.flip());
    }
}
