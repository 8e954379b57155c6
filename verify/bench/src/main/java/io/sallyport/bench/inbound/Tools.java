package io.sallyport.bench.inbound;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Runs what ends soon, and unpacks the peers' files.
public final class Tools {
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+[.0-9]*");

    private Tools() {}

    /// Runs a command to its end and gives what it printed.
    public static String output(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var printed = process.getInputStream()) {
            var text = new String(printed.readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + text);
            }
            return text;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    static String version(String... command) throws IOException {
        var text = output(command);
        var matcher = VERSION.matcher(text);
        return matcher.find() ? matcher.group() : text.strip();
    }

    /// Writes a file of the peers with its `@NAMES@` filled in.
    static Path unpack(String name, Site site) throws IOException {
        var text = resource(name)
                .replace("@DIRECTORY@", site.directory().toString())
                .replace("@PORT@", Integer.toString(site.port()))
                .replace("@BACKEND@", Integer.toString(site.backendPort()))
                .replace("@ID@", site.sandbox().text());
        return Files.writeString(site.directory().resolve(name), text);
    }

    /// The text of a file of the peers.
    public static String resource(String name) throws IOException {
        try (InputStream bytes = Tools.class.getResourceAsStream("/peers/" + name)) {
            if (bytes == null) {
                throw new IOException("no resource " + name);
            }
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static List<String> words(String line) {
        return List.of(line.strip().split(" +"));
    }
}
