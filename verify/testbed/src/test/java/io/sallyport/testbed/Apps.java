package io.sallyport.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The small servers under `resources/apps`, put into sandboxes and started there.
final class Apps {
    private Apps() {}

    /// `echo.js` on a port of an address.
    static void echo(Testbed.Sandbox sandbox, int port, String address) {
        Testbed.get().put(sandbox, "/tmp/echo.js", read("echo.js"));
        Testbed.get().startDetached(sandbox, "node", "/tmp/echo.js", Integer.toString(port), address);
    }

    static void python(Testbed.Sandbox sandbox, String name, int port) {
        Testbed.get().put(sandbox, "/tmp/" + name, read(name));
        Testbed.get().startDetached(sandbox, "python3", "/tmp/" + name, Integer.toString(port));
    }

    private static String read(String name) {
        try (var stream = Apps.class.getResourceAsStream("/apps/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource /apps/" + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
