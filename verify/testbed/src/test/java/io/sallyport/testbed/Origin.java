package io.sallyport.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The world outside, on an address of this machine's loopback: HTTPS on 443 with a certificate for each name that
/// is asked for, and HTTP on 80. The JDK's server with certificates that `openssl` makes: nothing of it is ours.
///
/// | path | answer |
/// |---|---|
/// | `/hello` | `hello from HOST` |
/// | `/headers` | the headers that came, a line each |
/// | `/bytes/N` | N bytes |
/// | `/sha` | SHA-256 of the body that came |
/// | `/see?LOCATION` | a redirect |
/// | `/files/…` | a file under [#files()] |
/// | `/git/…` | git's own server for the repositories under [#repositories()] |
///
/// - **Closes**: whoever started it.
final class Origin implements Closeable {
    private static final char[] PASSWORD = "origin".toCharArray();
    private static final String P256 = "ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    private static final int CHUNK_BYTES = 64 << 10;

    /// The authority that signed every certificate of an origin, in a directory of its own.
    record Authority(Path directory) {
        /// Makes one.
        static Authority make(Path directory) throws IOException {
            openssl(directory, "req -x509 -newkey " + P256 + " -days 2 -subj /CN=Origin -keyout ca.key -out ca.pem");
            return new Authority(directory);
        }

        Path certificate() {
            return directory.resolve("ca.pem");
        }

        private Path key() {
            return directory.resolve("ca.key");
        }
    }

    private final Authority authority;
    private final Path directory;
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> credentials = new ConcurrentLinkedQueue<>();

    private Origin(Authority authority, Path directory) {
        this.authority = authority;
        this.directory = directory;
    }

    /// Starts both servers.
    ///
    /// @param address of this machine's loopback, which nobody else uses
    /// @param names for which there is a certificate
    /// @param directory where its files are; an empty one
    static Origin start(Authority authority, String address, List<String> names, Path directory) throws IOException {
        var origin = new Origin(authority, directory);
        try {
            Files.createDirectories(origin.files());
            Files.createDirectories(origin.repositories());
            var https = HttpsServer.create(new InetSocketAddress(address, 443), 0);
            https.setHttpsConfigurator(new HttpsConfigurator(origin.context(names)));
            origin.serve(https);
            origin.serve(HttpServer.create(new InetSocketAddress(address, 80), 0));
            return origin;
        } catch (IOException | GeneralSecurityException e) {
            origin.close();
            throw new IOException("origin on " + address + ": " + e.getMessage(), e);
        }
    }

    private void serve(HttpServer server) {
        servers.add(server);
        server.setExecutor(threads);
        for (var handler : handlers().entrySet()) {
            server.createContext(handler.getKey(), exchange -> {
                try (exchange) {
                    var headers = exchange.getRequestHeaders();
                    seen.add(exchange.getRequestMethod() + " " + headers.getFirst("Host") + exchange.getRequestURI());
                    credentials.addAll(headers.getOrDefault("Authorization", List.of()));
                    credentials.addAll(headers.getOrDefault("X-Key", List.of()));
                    handler.getValue().handle(exchange);
                }
            });
        }
        server.start();
    }

    private Map<String, HttpHandler> handlers() {
        return Map.of(
                "/hello",
                exchange -> answer(
                        exchange, "hello from " + exchange.getRequestHeaders().getFirst("Host") + "\n"),
                "/headers",
                exchange -> answer(exchange, headers(exchange)),
                "/bytes/",
                Origin::bytes,
                "/sha",
                exchange -> answer(exchange, sha256(exchange) + "\n"),
                "/see",
                exchange -> {
                    exchange.getResponseHeaders()
                            .set("Location", exchange.getRequestURI().getQuery());
                    exchange.sendResponseHeaders(302, -1);
                },
                "/files/",
                this::file,
                "/git/",
                this::git);
    }

    /// What arrived: `GET HOST/path`, the oldest first.
    List<String> seen() {
        return List.copyOf(seen);
    }

    /// The values of `Authorization` and `X-Key` that arrived and were not asked for yet.
    List<String> takeCredentials() {
        var taken = new ArrayList<String>();
        for (var one = credentials.poll(); one != null; one = credentials.poll()) {
            taken.add(one);
        }
        return taken;
    }

    Path files() {
        return directory.resolve("files");
    }

    Path repositories() {
        return directory.resolve("repositories");
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String headers(HttpExchange exchange) {
        var lines = new StringBuilder();
        new TreeMap<>(exchange.getRequestHeaders()).forEach((name, values) -> {
            for (var value : values) {
                lines.append(name).append(": ").append(value).append('\n');
            }
        });
        return lines.toString();
    }

    private static void bytes(HttpExchange exchange) throws IOException {
        long left = Long.parseLong(exchange.getRequestURI().getPath().substring("/bytes/".length()));
        exchange.sendResponseHeaders(200, left);
        var chunk = new byte[CHUNK_BYTES];
        var body = exchange.getResponseBody();
        while (left > 0) {
            int n = (int) Math.min(left, chunk.length);
            body.write(chunk, 0, n);
            left -= n;
        }
    }

    private static String sha256(HttpExchange exchange) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var chunk = new byte[CHUNK_BYTES];
            var body = exchange.getRequestBody();
            for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
                digest.update(chunk, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        var file = files().resolve(exchange.getRequestURI().getPath().substring("/files/".length()))
                .normalize();
        if (!file.startsWith(files()) || !Files.isRegularFile(file)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.sendResponseHeaders(200, Files.size(file));
        Files.copy(file, exchange.getResponseBody());
    }

    /// `git http-backend`, as any web server calls it.
    ///
    /// @spec https://git-scm.com/docs/git-http-backend git-http-backend(1)
    private void git(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI();
        var builder = new ProcessBuilder("git", "http-backend");
        var environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", repositories().toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("PATH_INFO", uri.getPath().substring("/git".length()));
        environment.put("QUERY_STRING", Objects.requireNonNullElse(uri.getRawQuery(), ""));
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("REMOTE_USER", "origin");
        environment.put("CONTENT_TYPE", header(exchange, "Content-Type"));
        environment.put("HTTP_CONTENT_ENCODING", header(exchange, "Content-Encoding"));
        environment.put("HTTP_GIT_PROTOCOL", header(exchange, "Git-Protocol"));
        var process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var input = threads.submit(() -> {
            try (var to = process.getOutputStream()) {
                return exchange.getRequestBody().transferTo(to);
            }
        });
        try (var from = process.getInputStream()) {
            int status = 200;
            for (var line = line(from); !line.isEmpty(); line = line(from)) {
                var name = line.substring(0, line.indexOf(':'));
                var value = line.substring(line.indexOf(':') + 1).strip();
                if (name.equals("Status")) {
                    status = Integer.parseInt(value.substring(0, 3));
                } else {
                    exchange.getResponseHeaders().set(name, value);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            from.transferTo(exchange.getResponseBody());
        }
        input.cancel(true);
    }

    private static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    private static String line(InputStream from) throws IOException {
        var line = new StringBuilder();
        for (int c = from.read(); c >= 0 && c != '\n'; c = from.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private SSLContext context(List<String> names) throws IOException, GeneralSecurityException {
        var keys = new TreeMap<String, KeyStore.PrivateKeyEntry>();
        for (var name : names) {
            openssl(directory, "req -newkey " + P256 + " -subj /CN=" + name + " -keyout leaf.key -out leaf.csr");
            Files.writeString(directory.resolve("leaf.ext"), "subjectAltName=DNS:" + name + "\n");
            openssl(
                    directory,
                    "x509 -req -in leaf.csr -CA " + authority.certificate() + " -CAkey " + authority.key()
                            + " -set_serial " + (1000 + keys.size()) + " -days 2 -extfile leaf.ext -out leaf.pem");
            openssl(
                    directory,
                    "pkcs12 -export -inkey leaf.key -in leaf.pem -name leaf -passout pass:origin -out leaf.p12");
            var store = KeyStore.getInstance(directory.resolve("leaf.p12").toFile(), PASSWORD);
            keys.put(
                    name, (KeyStore.PrivateKeyEntry) store.getEntry("leaf", new KeyStore.PasswordProtection(PASSWORD)));
        }
        var context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new ByName(keys)}, null, null);
        return context;
    }

    private static void openssl(Path directory, String arguments) throws IOException {
        var command = new ArrayList<>(List.of("env", "-C", directory.toString(), "openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        var _ = HostTruth.run(command.toArray(String[]::new));
    }

    /// Chooses the certificate of the name that the client asks for; none where there is none.
    private static final class ByName extends X509ExtendedKeyManager {
        private final Map<String, KeyStore.PrivateKeyEntry> keys;

        ByName(Map<String, KeyStore.PrivateKeyEntry> keys) {
            this.keys = keys;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            if (!"EC".equals(keyType)
                    || !(Objects.requireNonNull(engine).getHandshakeSession() instanceof ExtendedSSLSession session)) {
                return null;
            }
            return session.getRequestedServerNames().stream()
                    .filter(SNIHostName.class::isInstance)
                    .map(name -> ((SNIHostName) name).getAsciiName())
                    .filter(keys::containsKey)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
            var entry = alias == null ? null : keys.get(alias);
            return entry == null ? null : new X509Certificate[] {(X509Certificate) entry.getCertificate()};
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
            var entry = alias == null ? null : keys.get(alias);
            return entry == null ? null : entry.getPrivateKey();
        }

        @Override
        public String @Nullable [] getClientAliases(@Nullable String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String @Nullable [] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(@Nullable String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                @Nullable String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
