package io.sallyport.relay.boot;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Loopback;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/// Goes the way that processes will go, once to a name that is always allowed and once to one that never is. Who
/// says "enabled" after that has seen both a yes and a no of the gateway's policy.
final class Canaries {
    private static final int PORT = 443;

    private Canaries() {}

    static void probe(int proxyPort, Deadline deadline) throws IOException {
        var allowed = connect(proxyPort, EgressApi.CANARY_ALLOWED, deadline);
        if (allowed.status() != 200) {
            throw new IOException("the allowed canary was refused: " + describe(allowed));
        }
        var denied = connect(proxyPort, EgressApi.CANARY_DENIED, deadline);
        if (denied.status() != EgressReason.HOST_DENIED.status()
                || !reason(denied).equals(EgressReason.HOST_DENIED.id())) {
            throw new IOException("the denied canary was not denied: " + describe(denied));
        }
    }

    private static ResponseHead connect(int proxyPort, String host, Deadline deadline) throws IOException {
        try (var connection = SocketConnection.connect(SocketChannel.open(), Loopback.v4(proxyPort), deadline)) {
            connection.deadline(deadline);
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var target = host + ":" + PORT;
            http.send(RequestHead.of("CONNECT", target, Headers.of("Host", target)), Framing.NONE)
                    .close();
            return http.readHead();
        } catch (IOException e) {
            throw new IOException("canary " + host + ": " + e.getMessage(), e);
        }
    }

    private static String describe(ResponseHead head) {
        return head.status() + " " + reason(head);
    }

    private static String reason(ResponseHead head) {
        return head.headers().first(EgressReason.HEADER).orElse("");
    }
}
