package io.sallyport.gateway.tunnel;

import io.sallyport.gateway.forward.Forwarder;
import io.sallyport.kit.Deadline;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.tls.TlsDialer;
import java.io.IOException;

/// Reaches the control plane's API, which listens on its own loopback, through a tunnel: `CONNECT api:80`.
public record ControlTunnels(TlsDialer dialer) implements Forwarder.ControlDialer {
    private static final String API = "api:80";

    @Override
    public Connection dial(Deadline deadline) throws IOException {
        var connection = dialer.dial(deadline);
        boolean opened = false;
        connection.deadline(deadline);
        try {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            http.send(RequestHead.of("CONNECT", API, Headers.of("Host", API)), Framing.NONE)
                    .close();
            int status = http.readHead().status();
            if (status != 200) {
                throw new IOException("the control plane answered " + status + " to CONNECT");
            }
            opened = true;
            connection.deadline(Deadline.NEVER);
            return http.takeOver();
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }
}
