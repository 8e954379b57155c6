package io.sallyport.kit.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A file of settings: `name = value` a line, `#` before a comment, nothing quoted.
final class ConfigFile {
    private ConfigFile() {}

    /// Where a value stands, for errors.
    record Entry(String value, String where) {}

    static Map<String, Entry> read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e.getMessage());
        }
    }

    static Map<String, Entry> parse(String name, String text) {
        var entries = new LinkedHashMap<String, Entry>();
        int number = 0;
        for (var raw : text.lines().toList()) {
            number++;
            var line = raw.strip();
            var where = name + ":" + number;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(where + ": \"" + line + "\" (expected: name = value)");
            }
            var key = line.substring(0, equals).strip();
            var earlier = entries.put(key, new Entry(line.substring(equals + 1).strip(), where));
            if (earlier != null) {
                throw new ConfigException(where + ": " + key + " stands at " + earlier.where() + " already");
            }
        }
        return entries;
    }
}
