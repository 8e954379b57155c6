package io.sallyport.guest.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The users of the sandbox, read anew each time from `/etc/passwd` and `/etc/group`.
public final class Accounts {
    static final Path PASSWD = Path.of("/etc/passwd");
    static final Path GROUP = Path.of("/etc/group");

    /// A user.
    ///
    /// @param groups supplementary group ids, the primary one included
    public record Account(String name, int uid, int gid, List<Integer> groups, Path home) {
        public Account {
            groups = List.copyOf(groups);
        }

        /// `path` as this user means it: `~` and relative paths start at the home directory, empty is `base`.
        public Path resolve(String path, Path base) {
            if (path.isEmpty()) {
                return base;
            }
            if (path.equals("~")) {
                return home;
            }
            return home.resolve(path.startsWith("~/") ? path.substring(2) : path);
        }
    }

    public Optional<Account> find(String name) throws IOException {
        return find(name, lines(PASSWD), lines(GROUP));
    }

    static Optional<Account> find(String name, List<String> passwd, List<String> group) {
        for (var line : passwd) {
            var fields = line.split(":", -1);
            if (fields.length >= 7 && fields[0].equals(name) && isId(fields[2]) && isId(fields[3])) {
                int gid = Integer.parseInt(fields[3]);
                var home = Path.of(fields[5].isEmpty() ? "/" : fields[5]);
                return Optional.of(new Account(name, Integer.parseInt(fields[2]), gid, groups(name, gid, group), home));
            }
        }
        return Optional.empty();
    }

    private static List<Integer> groups(String name, int primary, List<String> group) {
        var ids = new ArrayList<Integer>();
        ids.add(primary);
        for (var line : group) {
            var fields = line.split(":", -1);
            if (fields.length >= 4
                    && isId(fields[2])
                    && List.of(fields[3].split(",", -1)).contains(name)
                    && !ids.contains(Integer.parseInt(fields[2]))) {
                ids.add(Integer.parseInt(fields[2]));
            }
        }
        return ids;
    }

    static boolean isId(String text) {
        return text.matches("[0-9]{1,9}");
    }

    static List<String> lines(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
