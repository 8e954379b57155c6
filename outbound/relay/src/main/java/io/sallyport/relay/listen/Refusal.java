package io.sallyport.relay.listen;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/// Answers of the relay's own, in the form of the gateway's.
final class Refusal {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final int SCRAP_BYTES = 4 << 10;

    private Refusal() {}

    /// Says no and ends the connection.
    ///
    /// @param reason an id; with `message` plain text without quotes
    static void send(Connection to, int status, String reason, String message) {
        boolean retryable = status >= 500;
        var json = "{\"code\":" + status + ",\"reason\":\"" + reason + "\",\"message\":\"" + message
                + "\",\"retryable\":" + retryable + "}";
        var head = EgressReason.HEADER + ": " + reason + "\r\n" + (status == 405 ? "Allow: CONNECT\r\n" : "");
        send(to, status, head, json.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a JSON document and ends the connection.
    static void send(Connection to, int status, String fields, byte[] json) {
        var head = ("HTTP/1.1 " + status + " " + phrase(status) + "\r\nContent-Type: application/json\r\n"
                        + "Cache-Control: no-store\r\nConnection: close\r\n" + fields + "Content-Length: "
                        + json.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var all = Arrays.copyOf(head, head.length + json.length);
        System.arraycopy(json, 0, all, head.length, json.length);
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

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Refused";
        };
    }
}
