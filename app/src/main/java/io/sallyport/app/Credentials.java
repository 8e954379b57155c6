package io.sallyport.app;

import io.sallyport.control.tenant.ApiKey;
import io.sallyport.kit.AtomicFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;

/// The file the command line reads: where the platform is, and a key for it.
///
/// @param key prints redacted
public record Credentials(Path file, ApiKey key) {
    /// Keeps the key that is in the file, or makes one, and writes down the address.
    static Credentials ensure(Path file, String url) throws IOException {
        var stored = new Properties();
        try {
            stored.load(new StringReader(Files.readString(file)));
        } catch (NoSuchFileException e) {
            // The first start.
        }
        var key = ApiKey.parse(stored.getProperty("key", "")).orElseGet(ApiKey::random);
        var text = "# Written by sallyport up. Whoever can read this file can do everything.\nurl=" + url + "\nkey="
                + key.text() + "\n";
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
        return new Credentials(file, key);
    }
}
