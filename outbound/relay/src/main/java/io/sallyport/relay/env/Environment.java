package io.sallyport.relay.env;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The variables that lead a process to the relay and make it trust the gateway. Pure.
///
/// Source: reference/egress.md §1.6 and §1.8.
public final class Environment {
    /// Which destinations a process dials itself. Parsers differ: Go and Python read CIDR blocks, curl before
    /// 7.86 and older Java clients only names and addresses, so the loopback addresses stand there themselves.
    public static final List<String> NO_PROXY = List.of(
            "localhost",
            "localhost.localdomain",
            ".localhost",
            "*.localhost",
            "127.0.0.1",
            "127.0.0.0/8",
            "::1",
            "[::1]",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "fe80::/10",
            "fc00::/7");

    /// Both spellings of each: curl reads `http_proxy` in lower case only, others prefer one or the other.
    private static final Set<String> PROXY_KEYS = Set.of("https_proxy", "http_proxy", "no_proxy");

    /// Those that hold the path of the certificates of all authorities.
    private static final List<String> BUNDLE_KEYS = List.of(
            "SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "GIT_SSL_CAINFO",
            "AWS_CA_BUNDLE",
            "DENO_CERT",
            "CARGO_HTTP_CAINFO",
            "PIP_CERT",
            "BUNDLE_SSL_CA_CERT",
            "HEX_CACERTS_PATH",
            "NIX_SSL_CERT_FILE");

    private static final List<String> INHERITED_KEYS = List.of(
            "HTTPS_PROXY",
            "https_proxy",
            "NO_PROXY",
            "no_proxy",
            "SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE");

    private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";
    private static final int PRIVATE_B_FIRST = 16;
    private static final int PRIVATE_B_LAST = 31;

    private Environment() {}

    /// The variables of a process beside a relay that runs.
    ///
    /// @param port the relay's, on 127.0.0.1
    /// @param caBundle the certificates of all authorities, as PEM
    /// @param trustStore the same as PKCS #12, without a password
    public static Map<String, String> of(int port, Path caBundle, Path trustStore) {
        var environment = new LinkedHashMap<String, String>();
        var proxy = "http://127.0.0.1:" + port;
        var direct = String.join(",", NO_PROXY);
        for (var key : List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")) {
            environment.put(key, proxy);
        }
        environment.put("NO_PROXY", direct);
        environment.put("no_proxy", direct);
        for (var key : BUNDLE_KEYS) {
            environment.put(key, caBundle.toString());
        }
        environment.put("NODE_USE_ENV_PROXY", "1");
        environment.put(JAVA_OPTIONS, javaOptions(port, trustStore));
        return environment;
    }

    /// What this program, which runs no relay, hands on of the variables it was started with: those of a relay
    /// around it, where both its address and its trust are there, else nothing.
    public static Map<String, String> inherited(Map<String, String> own) {
        var environment = new LinkedHashMap<String, String>();
        if (set(own, "HTTPS_PROXY") && set(own, "SSL_CERT_FILE")) {
            for (var key : INHERITED_KEYS) {
                var value = own.get(key);
                if (value != null) {
                    environment.put(key, value);
                }
            }
        }
        return environment;
    }

    /// Lays a process' own variables over ours. Its own win, whatever the case of a proxy variable's name; only
    /// the options of Java are joined, ours first, so that there, too, its own win.
    public static Map<String, String> under(Map<String, String> ours, Map<String, String> own) {
        var environment = new LinkedHashMap<String, String>();
        ours.forEach((key, value) -> {
            if (!says(own, key)) {
                environment.put(key, value);
            }
        });
        environment.putAll(own);
        var ourOptions = ours.get(JAVA_OPTIONS);
        var ownOptions = own.get(JAVA_OPTIONS);
        if (ourOptions != null && ownOptions != null) {
            environment.put(JAVA_OPTIONS, (ourOptions + " " + ownOptions).strip());
        }
        return environment;
    }

    /// Whether a process says `key` itself.
    private static boolean says(Map<String, String> own, String key) {
        var lower = key.toLowerCase(Locale.ROOT);
        return own.containsKey(key)
                || (PROXY_KEYS.contains(lower)
                        && (own.containsKey(lower) || own.containsKey(key.toUpperCase(Locale.ROOT))));
    }

    private static boolean set(Map<String, String> own, String key) {
        return !own.getOrDefault(key, "").isEmpty();
    }

    private static String javaOptions(int port, Path trustStore) {
        return String.join(
                " ",
                "-Djavax.net.ssl.trustStore=" + trustStore,
                "-Djavax.net.ssl.trustStoreType=PKCS12",
                "-Dhttps.proxyHost=127.0.0.1",
                "-Dhttps.proxyPort=" + port,
                "-Dhttp.proxyHost=127.0.0.1",
                "-Dhttp.proxyPort=" + port,
                "-Dhttp.nonProxyHosts=" + nonProxyHosts(),
                "-Djdk.http.auth.tunneling.disabledSchemes=");
    }

    /// Java knows patterns with a star at one end, and no blocks.
    private static String nonProxyHosts() {
        var hosts = new StringBuilder("localhost|*.localhost|127.*|[::1]|10.*|192.168.*|169.254.*");
        for (int i = PRIVATE_B_FIRST; i <= PRIVATE_B_LAST; i++) {
            hosts.append("|172.").append(i).append(".*");
        }
        return hosts.toString();
    }
}
