package io.sallyport.egress.dial;

import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.net.Connection;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The client's side of SOCKS5: asks a proxy, on a connection to it, for a connection to a destination. A name is
/// resolved by the proxy.
///
/// - **Limits**: those of the protocol: 255 bytes for a user name, a password, a host name.
/// - **Errors**: an [IOException] that says what the proxy did not do; never a password.
///
/// @spec https://www.rfc-editor.org/info/rfc1928 RFC 1928
/// @spec https://www.rfc-editor.org/info/rfc1929 RFC 1929
public final class Socks5 {
    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int PASSWORD = 2;
    private static final int PASSWORD_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int V4 = 1;
    private static final int NAME = 3;
    private static final int V6 = 4;
    private static final int FIELD_MAX = 255;

    private static final String[] FAILURES = {
        "",
        "general failure",
        "not allowed by its rules",
        "network unreachable",
        "host unreachable",
        "connection refused",
        "TTL expired",
        "command not supported",
        "address type not supported"
    };

    private final Connection connection;

    private Socks5(Connection connection) {
        this.connection = connection;
    }

    /// Makes of a connection to a proxy one to a destination. The connection's deadline is the caller's, and so is
    /// closing it.
    public static void connect(Connection toProxy, Proxy proxy, Destination to) throws IOException {
        var socks = new Socks5(toProxy);
        socks.greet(proxy);
        socks.ask(to);
    }

    private void greet(Proxy proxy) throws IOException {
        boolean known = !proxy.username().isEmpty();
        send(known ? new byte[] {VERSION, 2, NO_AUTHENTICATION, PASSWORD} : new byte[] {VERSION, 1, NO_AUTHENTICATION});
        byte[] chosen = receive(2);
        if (chosen[0] != VERSION) {
            throw new IOException("the proxy does not speak SOCKS5");
        }
        if (chosen[1] == PASSWORD && known) {
            authenticate(proxy);
        } else if (chosen[1] != NO_AUTHENTICATION) {
            throw new IOException("the proxy wants an authentication that there is none for");
        }
    }

    private void authenticate(Proxy proxy) throws IOException {
        byte[] username = proxy.username().getBytes(StandardCharsets.UTF_8);
        byte[] password = proxy.password().getBytes(StandardCharsets.UTF_8);
        if (username.length > FIELD_MAX || password.length > FIELD_MAX) {
            throw new IOException("the proxy's user name or password is longer than " + FIELD_MAX + " bytes");
        }
        var request = new ByteArrayOutputStream();
        request.write(PASSWORD_VERSION);
        request.write(username.length);
        request.writeBytes(username);
        request.write(password.length);
        request.writeBytes(password);
        send(request.toByteArray());
        byte[] answer = receive(2);
        if (answer[0] != PASSWORD_VERSION || answer[1] != 0) {
            throw new IOException("the proxy does not accept the user name and password");
        }
    }

    private void ask(Destination to) throws IOException {
        var request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {VERSION, CONNECT, 0});
        switch (to.host()) {
            case IpAddress address -> {
                request.write(address.isV4() ? V4 : V6);
                request.writeBytes(address.bytes());
            }
            case HostName name -> {
                byte[] text = name.text().getBytes(StandardCharsets.US_ASCII);
                request.write(NAME);
                request.write(text.length);
                request.writeBytes(text);
            }
        }
        request.write(to.port() >> 8);
        request.write(to.port());
        send(request.toByteArray());
        byte[] head = receive(4);
        if (head[0] != VERSION) {
            throw new IOException("the proxy does not speak SOCKS5");
        }
        int code = head[1] & 0xff;
        if (code != 0) {
            throw new IOException("the proxy says: " + (code < FAILURES.length ? FAILURES[code] : "failure " + code));
        }
        int address = switch (head[3]) {
            case V4 -> 4;
            case V6 -> 16;
            case NAME -> receive(1)[0] & 0xff;
            default -> throw new IOException("the proxy answers with an address of no known type");
        };
        receive(address + Short.BYTES);
    }

    private void send(byte[] bytes) throws IOException {
        connection.write(bytes, 0, bytes.length);
    }

    /// Exactly so many bytes: what comes behind them is the destination's.
    private byte[] receive(int count) throws IOException {
        var bytes = new byte[count];
        int filled = 0;
        while (filled < count) {
            int n = connection.read(bytes, filled, count - filled);
            if (n < 0) {
                throw new EOFException("the proxy hung up");
            }
            filled += n;
        }
        return bytes;
    }
}
