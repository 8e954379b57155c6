package io.sallyport.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The small servers under `resources/apps`, put into sandboxes and started there.
final class Apps {
    private Apps() {}

    /// `echo.js` on a port of an address.
    static void echo(Installation.Sandbox sandbox, int port, String address) {
        var _ = echo(Testbed.get(), sandbox, port, address);
    }

    /// The same elsewhere; gives the pid in the sandbox.
    static String echo(Installation at, Installation.Sandbox sandbox, int port, String address) {
        at.put(sandbox, "/tmp/echo.js", read("echo.js"));
        return at.startDetached(sandbox, "node", "/tmp/echo.js", Integer.toString(port), address);
    }

    static void python(Installation.Sandbox sandbox, String name, int port) {
        var _ = python(Testbed.get(), sandbox, name, port);
    }

    /// The same elsewhere; gives the pid in the sandbox.
    static String python(Installation at, Installation.Sandbox sandbox, String name, int port) {
        at.put(sandbox, "/tmp/" + name, read(name));
        return at.startDetached(sandbox, "python3", "/tmp/" + name, Integer.toString(port));
    }

    /// Brings a file under `resources/apps` into the home directory.
    static void put(Installation.Sandbox sandbox, String name) {
        Testbed.get().put(sandbox, "/home/user/" + Path.of(name).getFileName(), read(name));
    }

    /// Brings a node app with its modules to `/home/user/NAME`, packed by `apps.sh`.
    static void unpack(Installation.Sandbox sandbox, String name) throws IOException {
        HostTruth.run("timeout", "600", "./apps.sh", name);
        Testbed.get().put(sandbox, "/tmp/app.tar", Path.of("target", "apps", name + ".tar"));
        var directory = "/home/user/" + name;
        var result = Testbed.get().sh(sandbox, "mkdir " + directory + " && tar xf /tmp/app.tar -C " + directory);
        if (result.code() != 0) {
            throw new IllegalStateException("unpack " + name + ": " + result);
        }
    }

    /// Fails, with what to install, where this machine lacks a program of a Debian package.
    static void need(String program, String debianPackage) {
        if (!Files.isExecutable(Path.of("/usr/bin", program))) {
            throw new AssertionError(program + " is missing: apt-get install --no-install-recommends " + debianPackage);
        }
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
