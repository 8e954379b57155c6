package io.sallyport.relay.tunnel;

import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.net.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// The gateway's answer to CONNECT as it came, which may be followed by the first bytes of the tunnel.
///
/// @param bytes everything that was read
/// @param headEnd where the head ends in it; 0 where that is not known
/// @param status 0 where the answer is no HTTP
/// @param reason the id of an [EgressReason]; empty where there is none
public record Answer(byte[] bytes, int headEnd, int status, String reason) {
    private static final int OK = 200;
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int STATUS_DIGITS = 3;
    private static final int READ_BYTES = 1 << 10;

    /// Reads to the end of the head, or as much as a head may have; bounded by the tunnel's deadline.
    ///
    /// - **Errors**: an [EOFException] where nothing comes.
    public static Answer read(Connection tunnel) throws IOException {
        var bytes = new byte[READ_BYTES];
        int length = 0;
        int headEnd = 0;
        while (headEnd == 0 && length < EgressApi.HEAD_BYTES_MAX) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
            int n = tunnel.read(bytes, length, bytes.length - length);
            if (n < 0) {
                break;
            }
            headEnd = headEnd(bytes, Math.max(0, length - 3), length + n);
            length += n;
        }
        if (length == 0) {
            throw new EOFException("the gateway closed the tunnel without an answer");
        }
        var text = new String(bytes, 0, headEnd == 0 ? length : headEnd, StandardCharsets.ISO_8859_1);
        return new Answer(Arrays.copyOf(bytes, length), headEnd, status(text), reason(text));
    }

    /// Whether the tunnel leads where it was asked to.
    public boolean connected() {
        return status == OK && headEnd > 0;
    }

    /// Whether it says why not.
    public boolean refused() {
        return status > 0 && status != OK;
    }

    /// What came behind the head: the tunnel's first bytes.
    public byte[] rest() {
        return Arrays.copyOfRange(bytes, headEnd, bytes.length);
    }

    /// For people.
    public String text() {
        return "gateway answered " + status + " to CONNECT" + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static int headEnd(byte[] bytes, int from, int to) {
        for (int i = from; i + 3 < to; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 4;
            }
        }
        return 0;
    }

    private static int status(String head) {
        if (!head.startsWith("HTTP/1.") || head.length() < STATUS_AT + STATUS_DIGITS) {
            return 0;
        }
        int status = 0;
        for (int i = STATUS_AT; i < STATUS_AT + STATUS_DIGITS; i++) {
            int digit = head.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = 10 * status + digit;
        }
        return status;
    }

    private static String reason(String head) {
        var name = EgressReason.HEADER.toLowerCase(Locale.ROOT) + ":";
        for (var line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        return "";
    }
}
