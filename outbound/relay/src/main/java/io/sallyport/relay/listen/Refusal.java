package io.sallyport.relay.listen;

import io.sallyport.kit.Deadline;
import io.sallyport.relay.RelayReason;
import io.sallyport.rpc.egress.EgressRefusal;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.time.Duration;

/// Answers of the relay's own, in the form of the gateway's.
final class Refusal {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final int SCRAP_BYTES = 4 << 10;

    private Refusal() {}

    /// Says no and ends the connection.
    static void send(Connection to, EgressRefusal refusal) {
        send(to, refusal.code(), RelayReason.headers(refusal), refusal.json());
    }

    /// Sends a JSON document and ends the connection.
    static void send(Connection to, int status, Headers headers, byte[] json) {
        byte[] all = ResponseHead.of(status, headers).last(json);
        try {
            to.deadline(Deadline.after(WAIT));
            to.write(all, 0, all.length);
            end(to);
        } catch (IOException e) {
            // There is nobody to tell.
        } finally {
            to.close();
        }
    }

    /// Ends our stream and reads on for a while: closing on unread bytes would reset the connection and lose what was
    /// said.
    static void end(Connection to) throws IOException {
        to.shutdownOutput();
        to.deadline(Deadline.after(WAIT));
        var scrap = new byte[SCRAP_BYTES];
        while (to.read(scrap, 0, scrap.length) >= 0) {
            // Bounded by the deadline.
        }
    }
}
