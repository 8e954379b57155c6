package io.sallyport.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /// The first version number that a command prints.
    public static String version(String... command) throws IOException {
        var text = output(command);
        var matcher = VERSION.matcher(text);
        return matcher.find() ? matcher.group() : text.strip();
    }

    /// Writes a file of the peers with its `@NAMES@` filled in.
    public static Path unpack(String name, Path directory, Map<String, ?> values) throws IOException {
        var text = resource(name);
        for (var value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue().toString());
        }
        return Files.writeString(directory.resolve(Path.of(name).getFileName()), text);
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
