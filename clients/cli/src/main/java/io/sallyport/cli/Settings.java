package io.sallyport.cli;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Where the platform is and who we are: `SALLYPORT_URL` and `SALLYPORT_API_KEY`, else the credentials file that
/// `up` wrote.
public record Settings(URI url, String key) {
    private static final String CREDENTIALS = "credentials";
    private static final int PORT_MAX = 65535;

    /// `$SALLYPORT_HOME`, else `~/.sallyport`.
    public static Path home(Map<String, String> environment) {
        var given = environment.get("SALLYPORT_HOME");
        return given == null || given.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".sallyport")
                : Path.of(given).toAbsolutePath();
    }

    public static Path credentials(Path home) {
        return home.resolve(CREDENTIALS);
    }

    static Settings load() {
        return load(System.getenv());
    }

    static Settings load(Map<String, String> environment) {
        var file = credentials(home(environment));
        boolean given = environment.containsKey("SALLYPORT_URL") && environment.containsKey("SALLYPORT_API_KEY");
        var stored = given ? new Properties() : read(file);
        var url = value(environment.get("SALLYPORT_URL"), stored.getProperty("url"))
                .orElseThrow(() -> new CliException(
                        ExitCode.UNREACHABLE,
                        "no platform known: " + file + " does not exist (start one with: sallyport up,"
                                + " or set SALLYPORT_URL and SALLYPORT_API_KEY)"));
        var key = value(environment.get("SALLYPORT_API_KEY"), stored.getProperty("key"))
                .orElseThrow(() -> new CliException(
                        ExitCode.REFUSED, "no API key: neither SALLYPORT_API_KEY nor " + file + " has one"));
        if (!key.matches("[!-~]+")) {
            throw new CliException(ExitCode.USAGE, "the API key has characters that no key has (expected: spk_…)");
        }
        return new Settings(parse(url), key);
    }

    private static Optional<String> value(@Nullable String... candidates) {
        for (var candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return Optional.of(candidate.strip());
            }
        }
        return Optional.empty();
    }

    private static Properties read(Path file) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
        } catch (NoSuchFileException e) {
            // Nothing is stored, which the caller says.
        } catch (IOException | IllegalArgumentException e) {
            throw new CliException(ExitCode.FAILED, "cannot read " + file + ": " + e.getMessage());
        }
        return properties;
    }

    private static URI parse(String url) {
        try {
            var uri = new URI(url);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() <= PORT_MAX) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new CliException(ExitCode.USAGE, "SALLYPORT_URL: " + url + " (expected: http://host:port)");
    }

    int port() {
        return url.getPort() < 0 ? 80 : url.getPort();
    }

    @Override
    public String toString() {
        return "Settings[url=" + url + ", key=set]";
    }
}
