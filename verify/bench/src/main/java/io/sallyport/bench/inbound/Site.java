package io.sallyport.bench.inbound;

import io.sallyport.bench.Tools;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;

/// What a subject is told.
///
/// @param shared a directory for what is made once
/// @param directory for its own files
/// @param port to listen on, on 127.0.0.1
/// @param innerPort the same for the second of two processes
/// @param backendPort where the one backend listens, on 127.0.0.1
/// @param sandbox the one there is
record Site(Path shared, Path directory, int port, int innerPort, int backendPort, SandboxId sandbox) {
    static final String DOMAIN = "bench.test";

    private static final Port SANDBOX_PORT = new Port(8888);

    static Site of(Path shared, Path directory, int backendPort, SandboxId sandbox) throws IOException {
        try (var one = freePort();
                var other = freePort()) {
            return new Site(shared, directory, one.getLocalPort(), other.getLocalPort(), backendPort, sandbox);
        }
    }

    private static ServerSocket freePort() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /// Writes a file of the peers with its `@NAMES@` filled in.
    Path unpack(String name) throws IOException {
        return Tools.unpack(
                name, directory, Map.of("DIRECTORY", directory, "PORT", port, "BACKEND", backendPort, "ID", sandbox));
    }

    static String local(int port) {
        return "127.0.0.1:" + port;
    }

    /// What a proxy has to find the sandbox by.
    String host() {
        return SANDBOX_PORT.number() + "-" + sandbox + "." + DOMAIN;
    }
}
