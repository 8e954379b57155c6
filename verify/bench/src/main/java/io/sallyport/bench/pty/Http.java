package io.sallyport.bench.pty;

import io.sallyport.kit.Deadline;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One request on a connection of its own.
final class Http {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private Http() {}

    record Answer(int status, String body) {
        /// The body, where the status is one of success.
        String orThrow(String what) throws IOException {
            if (status < 200 || status > 299) {
                throw new IOException(what + ": " + status + " " + body);
            }
            return body;
        }
    }

    /// Sends it and reads the whole answer.
    ///
    /// @param headers with `Host`
    static Answer call(InetSocketAddress address, String method, String target, Headers headers, byte[] content)
            throws IOException {
        try (var connection = SocketConnection.connect(SocketChannel.open(), address, Deadline.after(WAIT))) {
            connection.deadline(Deadline.after(WAIT));
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var request = RequestHead.of(method, target, headers);
            try (var body = http.send(request, new Framing.Length(content.length))) {
                body.write(content);
            }
            ResponseHead head;
            do {
                head = http.readHead();
            } while (head.interim());
            var answer = http.body(Framing.of(head, method)).readAllBytes();
            return new Answer(head.status(), new String(answer, StandardCharsets.UTF_8));
        }
    }
}
