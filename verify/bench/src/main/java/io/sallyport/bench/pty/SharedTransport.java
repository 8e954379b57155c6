package io.sallyport.bench.pty;

import io.sallyport.bench.load.Entry;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The baseline: one Go process in front and one behind, and a single HTTP/2 connection over TLS between them
/// for terminals and previews. A keystroke is a unary call, output a stream, both with base64 in JSON.
/// Terminals and app are on the host itself: there is no guest daemon, and no sandbox to get into.
record SharedTransport(Children children, Door door, Entry app) implements Started {
    private static final String HOST = "localhost";

    static SharedTransport start(Path directory, Path program) throws IOException {
        int app = Machine.freePort();
        int agent = Machine.freePort();
        int control = Machine.freePort();
        var children = Children.in(directory);
        try {
            children.startUntilListening("app", app, command(program, "app", app, 0));
            children.startUntilListening("agent", agent, command(program, "agent", agent, app));
            children.startUntilListening("control", control, command(program, "control", control, agent));
        } catch (IOException e) {
            children.close();
            throw e;
        }
        var address = Machine.local(control);
        return new SharedTransport(children, new Door(address, Headers.of("Host", HOST)), new Entry(address, HOST));
    }

    private static List<String> command(Path program, String mode, int port, int next) {
        return List.of(program.toString(), "-mode", mode, "-listen", "127.0.0.1:" + port, "-next", "127.0.0.1:" + next);
    }

    @Override
    public List<ProcessHandle> sandboxes() {
        return List.of();
    }

    @Override
    public void close() {
        children.close();
    }
}
