package io.sallyport.bench.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/// What a subject is told.
///
/// @param directory for its own files
/// @param port to listen on, on 127.0.0.1
/// @param innerPort the same for the first of two processes
/// @param origin to which every name leads
/// @param intercepts whether it opens the TLS of connections
record Site(Path directory, int port, int innerPort, Origin origin, boolean intercepts) {
    static Site of(Path directory, Origin origin, boolean intercepts) throws IOException {
        try (var one = freePort();
                var other = freePort()) {
            return new Site(directory, one.getLocalPort(), other.getLocalPort(), origin, intercepts);
        }
    }

    private static ServerSocket freePort() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    Path file(String name) {
        return directory.resolve(name);
    }
}
