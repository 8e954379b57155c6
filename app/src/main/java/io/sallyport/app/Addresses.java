package io.sallyport.app;

import io.sallyport.control.store.Database;
import io.sallyport.kit.Port;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the addresses people give. Names what is wrong with them.
final class Addresses {
    private static final Pattern LISTEN = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[0-9.]+|localhost):([0-9]{1,5})");
    private static final int PORT_MAX = 65535;

    private Addresses() {}

    /// `127.0.0.1:8000,[::1]:8000`; `localhost:8000` is both.
    static List<InetSocketAddress> listen(String text) {
        var addresses = new ArrayList<InetSocketAddress>();
        for (var part : text.split(",", -1)) {
            var matcher = LISTEN.matcher(part.strip());
            if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > PORT_MAX) {
                throw new IllegalArgumentException(
                        "--listen: " + part + " (expected: ADDRESS:PORT, for example 127.0.0.1:8000,[::1]:8000)");
            }
            int port = Integer.parseInt(matcher.group(2));
            var hosts = matcher.group(1).equals("localhost") ? List.of("127.0.0.1", "::1") : List.of(matcher.group(1));
            for (var host : hosts) {
                addresses.add(new InetSocketAddress(literal(host), port));
            }
        }
        return addresses;
    }

    /// One address with a port; empty when `text` is none.
    static Optional<InetSocketAddress> one(String text) {
        try {
            return Optional.of(listen(text).getFirst());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<List<InetSocketAddress>> several(String text) {
        try {
            return Optional.of(listen(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Where another program is.
    record HostAndPort(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /// `box7.example.com:7443`; empty when `text` is no host and port.
    static Optional<HostAndPort> hostAndPort(String text) {
        int colon = text.lastIndexOf(':');
        return Port.parse(text.substring(colon + 1))
                .filter(port -> colon > 0)
                .map(port -> new HostAndPort(text.substring(0, colon), port.number()));
    }

    /// An address as people write it.
    static String text(InetSocketAddress address) {
        var host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.getAllByName(host)[0];
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("--listen: " + host + " (expected: an IP address)", e);
        }
    }

    /// `postgres://user:password@host:port/name`, or a JDBC URL.
    static Database.Address database(String text) {
        if (text.startsWith("jdbc:postgresql:")) {
            return new Database.Address(text, "", "");
        }
        try {
            var uri = new URI(text);
            boolean known = "postgres".equals(uri.getScheme()) || "postgresql".equals(uri.getScheme());
            if (known && uri.getHost() != null) {
                var user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
                int colon = user.indexOf(':');
                var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
                return new Database.Address(
                        "jdbc:postgresql://" + uri.getHost() + port + uri.getPath() + query,
                        colon < 0 ? user : user.substring(0, colon),
                        colon < 0 ? "" : user.substring(colon + 1));
            }
        } catch (URISyntaxException e) {
            // Said below, without the password that may stand in it.
        }
        throw new IllegalArgumentException(
                "--database-url (expected: postgres://user:password@host:port/name, or jdbc:postgresql://…)");
    }
}
