package io.sallyport.rpc.egress;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who a sandbox may talk to outside, as it is stored and sent. What it means is decided by the compiled form.
///
/// @param mode what holds for whatever no rule names
/// @param precedence which of two rules wins that both fit
/// @param secrets names of secrets whose placeholders are substituted for this sandbox, where they are bound to
/// @param transforms headers set in requests to a host
/// @param bypass hosts that are never intercepted, even where a rule would need it
/// @param proxy through which everything goes; null: directly
/// @param transparent whether programs that ignore the environment are led to the relay
/// @param required whether nothing may start where the way out does not work (fail closed)
public record EgressPolicy(
        Mode mode,
        Precedence precedence,
        List<Rule> allow,
        List<Rule> deny,
        List<String> secrets,
        List<Transform> transforms,
        List<String> bypass,
        @Nullable Proxy proxy,
        boolean transparent,
        boolean required) {
    /// Everything public, as a sandbox has it where nobody says otherwise.
    public static final EgressPolicy OPEN = of(Mode.OPEN);

    public static final EgressPolicy NONE = of(Mode.NONE);

    public EgressPolicy(
            @Nullable Mode mode,
            @Nullable Precedence precedence,
            @Nullable List<Rule> allow,
            @Nullable List<Rule> deny,
            @Nullable List<String> secrets,
            @Nullable List<Transform> transforms,
            @Nullable List<String> bypass,
            @Nullable Proxy proxy,
            boolean transparent,
            boolean required) {
        this.mode = Objects.requireNonNullElse(mode, Mode.NONE);
        this.precedence = Objects.requireNonNullElse(precedence, Precedence.DENY);
        this.allow = copy(allow);
        this.deny = copy(deny);
        this.secrets = copy(secrets);
        this.transforms = copy(transforms);
        this.bypass = copy(bypass);
        this.proxy = proxy;
        this.transparent = transparent;
        this.required = required;
    }

    private static EgressPolicy of(Mode mode) {
        return new EgressPolicy(
                mode, Precedence.DENY, List.of(), List.of(), List.of(), List.of(), List.of(), null, true, false);
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    public enum Mode {
        /// Nothing, whatever the rules say.
        NONE,
        /// Only what a rule allows.
        LIMITED,
        /// Everything public that no rule denies.
        OPEN
    }

    public enum Precedence {
        /// Ours.
        DENY,
        /// That of the `e2b` network settings.
        ALLOW
    }

    /// Some destinations, and what may be done there. An empty list is: any.
    ///
    /// @param target an exact host, `*.example.com` (not `example.com` itself), `*`, an address, or a CIDR block
    /// @param schemes `https`, `http`, `tcp`
    /// @param methods of HTTP, which need interception
    /// @param paths exact, or a prefix that ends with `*`; need interception
    public record Rule(
            String target, List<Integer> ports, List<String> schemes, List<String> methods, List<String> paths) {
        public Rule(
                @Nullable String target,
                @Nullable List<Integer> ports,
                @Nullable List<String> schemes,
                @Nullable List<String> methods,
                @Nullable List<String> paths) {
            this.target = Objects.requireNonNullElse(target, "");
            this.ports = copy(ports);
            this.schemes = copy(schemes);
            this.methods = copy(methods);
            this.paths = copy(paths);
        }

        public static Rule of(String target) {
            return new Rule(target, null, null, null, null);
        }
    }

    /// Headers set in every intercepted request to a host. Values hold `${e2b.secrets.NAME}`.
    ///
    /// @param host exact, or `*.example.com`
    public record Transform(String host, Map<String, String> headers) {
        public Transform(@Nullable String host, @Nullable Map<String, String> headers) {
            this.host = Objects.requireNonNullElse(host, "");
            this.headers = headers == null ? Map.of() : Map.copyOf(headers);
        }

        /// Without the values, which may be written out.
        @Override
        public String toString() {
            return "Transform[" + host + ", " + headers.keySet() + "]";
        }
    }

    /// A SOCKS5 proxy.
    ///
    /// @param address `host:port`
    /// @spec https://www.rfc-editor.org/info/rfc1928 RFC 1928
    public record Proxy(String address, String username, String password) {
        public Proxy(@Nullable String address, @Nullable String username, @Nullable String password) {
            this.address = Objects.requireNonNullElse(address, "");
            this.username = Objects.requireNonNullElse(username, "");
            this.password = Objects.requireNonNullElse(password, "");
        }

        @Override
        public String toString() {
            return "Proxy[" + address + "]";
        }
    }
}
