package io.sallyport.guest.files;

import io.sallyport.guest.BasicUser;
import io.sallyport.guest.Users;
import io.sallyport.guest.boot.Accounts.Account;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.BadMessageException;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.ResponseHead;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// `GET /files?path=` and `POST /files`, as whoever `username` or the Basic user names.
///
/// - **Limits**: none on the size; memory stays at one buffer.
/// - **Errors**: 400, 401, 404, 405, 415, and 507 when the disk is full. A download that fails half way is cut off.
///
/// Source: reference/sandbox-api.md §3.6.
public final class FilesEndpoint {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Users users;

    public FilesEndpoint(Users users) {
        this.users = users;
    }

    /// What an upload answers for each file.
    record Written(String path, String name, String type) {}

    /// A request that is answered with an error.
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    public void handle(Exchange exchange) throws IOException {
        try {
            switch (exchange.request().method()) {
                case "GET", "HEAD" -> download(exchange);
                case "POST" -> upload(exchange);
                default ->
                    throw new Refused(405, "method: " + exchange.request().method() + " (expected: GET, POST)");
            }
        } catch (Refused e) {
            exchange.refuse(e.status, String.valueOf(e.getMessage()));
        } catch (InvalidPathException e) {
            exchange.closeAfter();
            exchange.refuse(400, "path: " + e.getReason());
        } catch (BadMessageException e) {
            exchange.closeAfter();
            exchange.refuse(e.status(), e.reason());
        }
    }

    private void download(Exchange exchange) throws IOException, Refused {
        var given = parameter(exchange, "path");
        var path = users.resolve(given, user(exchange));
        requireRegular(path);
        try (var file = Files.newInputStream(path)) {
            long size = Files.size(path);
            var headers =
                    Headers.of("Content-Type", "application/octet-stream", "Content-Disposition", disposition(path));
            if (exchange.request().method().equals("HEAD")) {
                var described = headers.with("Content-Length", Long.toString(size));
                exchange.respond(ResponseHead.of(200, described), Framing.NONE).close();
                return;
            }
            // Files of /proc and devices have size 0 and content all the same.
            boolean sized = !isVirtual(path);
            var framing = sized ? new Framing.Length(size) : Framing.CHUNKED;
            // Not closed when reading fails: half a file must not look whole.
            var body = exchange.respond(ResponseHead.of(200, headers), framing);
            copy(file, sized ? size : Long.MAX_VALUE, body);
            body.close();
        } catch (NoSuchFileException e) {
            throw new Refused(404, "path '" + path + "' does not exist");
        } catch (FileSystemException e) {
            throw refusal(e);
        }
    }

    private static boolean isVirtual(Path path) throws IOException {
        var real = path.toRealPath();
        return real.startsWith("/proc") || real.startsWith("/sys");
    }

    /// A pipe would make us wait for whoever holds its other end, a device could go on for ever.
    private static void requireRegular(Path path) throws IOException, Refused {
        if (Files.isDirectory(path)) {
            throw new Refused(400, "path '" + path + "' is a directory");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new Refused(400, "path '" + path + "' is not a regular file");
        }
    }

    /// Copies at most `limit` bytes: a file that grows meanwhile must not break the promised length.
    private static void copy(InputStream from, long limit, OutputStream to) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long left = limit;
        int n;
        while (left > 0 && (n = from.read(buffer, 0, (int) Math.min(buffer.length, left))) >= 0) {
            to.write(buffer, 0, n);
            left -= n;
        }
    }

    private void upload(Exchange exchange) throws IOException, Refused {
        var user = user(exchange);
        var target = parameter(exchange, "path");
        var type = exchange.request().headers().first("Content-Type").orElse("");
        var mime = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        var written = new ArrayList<Written>();
        try {
            var content = decoded(exchange);
            switch (mime) {
                case "multipart/form-data" -> {
                    exchange.sendContinue();
                    uploadParts(new Multipart(content, Multipart.boundary(type)), target, user, written);
                }
                case "application/octet-stream" -> {
                    if (target.isEmpty()) {
                        throw new Refused(400, "path: absent (expected: where to write the body)");
                    }
                    exchange.sendContinue();
                    written.add(write(users.resolve(target, user), user, content));
                }
                default ->
                    throw new Refused(
                            400,
                            "content type: " + mime + " (expected: multipart/form-data or application/octet-stream)");
            }
        } catch (FileSystemException e) {
            throw refusal(e);
        } catch (ZipException e) {
            throw new Refused(400, "the body is not valid gzip");
        }
        exchange.respond(200, Headers.of("Content-Type", "application/json"), RecordJson.writeList(written));
    }

    /// The request's body without its `Content-Encoding`.
    private static InputStream decoded(Exchange exchange) throws IOException, Refused {
        var encoding = exchange.request().headers().first("Content-Encoding").orElse("identity");
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "identity" -> exchange.requestBody();
            case "gzip" -> {
                exchange.sendContinue();
                yield new GZIPInputStream(exchange.requestBody(), BUFFER_BYTES);
            }
            default -> throw new Refused(400, "content encoding: " + encoding + " (expected: gzip or none)");
        };
    }

    private void uploadParts(Multipart parts, String target, Account user, List<Written> written)
            throws IOException, Refused {
        while (parts.next()) {
            if (!parts.name().equals("file")) {
                continue;
            }
            var given = target.isEmpty() ? parts.filename() : target;
            if (given.isEmpty()) {
                throw new Refused(400, "a part has no filename and the request no path");
            }
            var path = users.resolve(given, user);
            if (written.stream().anyMatch(earlier -> earlier.path().equals(path.toString()))) {
                throw new Refused(400, "path '" + path + "' is given twice");
            }
            written.add(write(path, user, parts.content()));
        }
    }

    private Written write(Path path, Account user, InputStream content) throws IOException, Refused {
        requireRegular(path);
        if (Files.isSymbolicLink(path)) {
            throw new Refused(400, "path '" + path + "' is a symbolic link (expected: its target)");
        }
        var parent = path.getParent();
        if (parent != null) {
            makeDirectories(parent, user);
        }
        try (var file = Files.newOutputStream(path)) {
            Files.setAttribute(path, "unix:uid", user.uid());
            Files.setAttribute(path, "unix:gid", user.gid());
            copy(content, Long.MAX_VALUE, new DiskFull(file, path));
        }
        return new Written(path.toString(), String.valueOf(path.getFileName()), "file");
    }

    /// Tells a full disk from a broken upload: streams say both with a plain [IOException].
    private static final class DiskFull extends FilterOutputStream {
        private final Path path;

        DiskFull(OutputStream file, Path path) {
            super(file);
            this.path = path;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            try {
                out.write(from, offset, length);
            } catch (IOException e) {
                throw new FileSystemException(path.toString(), null, e.getMessage());
            }
        }
    }

    private static void makeDirectories(Path directory, Account user) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        var parent = directory.getParent();
        if (parent != null) {
            makeDirectories(parent, user);
        }
        Files.createDirectory(directory);
        Files.setAttribute(directory, "unix:uid", user.uid());
        Files.setAttribute(directory, "unix:gid", user.gid());
    }

    private Account user(Exchange exchange) throws IOException, Refused {
        var query = parameter(exchange, "username");
        var name = query.isEmpty() ? BasicUser.of(exchange.request().headers()) : query;
        var user = users.find(name);
        if (user.isEmpty()) {
            throw new Refused(401, "invalid username: '" + users.nameOrDefault(name) + "'");
        }
        return user.get();
    }

    private static Refused refusal(FileSystemException e) {
        var reason = String.valueOf(e.getReason());
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return new Refused(507, "not enough disk space for " + e.getFile());
        }
        return new Refused(400, "path '" + e.getFile() + "': " + reason);
    }

    private static String disposition(Path path) {
        var name = String.valueOf(path.getFileName());
        return "inline; filename*=UTF-8''"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String parameter(Exchange exchange, String name) throws Refused {
        for (var pair : exchange.request().query().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).equals(name)) {
                return decode(name, pair.substring(equals + 1));
            }
        }
        return "";
    }

    private static String decode(String name, String value) throws Refused {
        try {
            var decoded = URLDecoder.decode(value, StandardCharsets.UTF_8);
            if (decoded.indexOf('\0') < 0) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for a NUL.
        }
        throw new Refused(400, name + ": not a percent-encoded text without NUL");
    }
}
