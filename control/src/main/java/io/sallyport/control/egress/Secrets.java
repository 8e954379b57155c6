package io.sallyport.control.egress;

import io.sallyport.control.store.SecretStore;
import io.sallyport.control.store.SecretStore.Binding;
import io.sallyport.control.store.SecretStore.StoredSecret;
import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.policy.Placeholders;
import io.sallyport.wire.address.HostName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The secrets of teams. Each is bound to one host, scheme and port, and is never sent anywhere else.
///
/// - **Threads**: any.
public final class Secrets {
    private static final Logger LOG = System.getLogger(Secrets.class.getName());
    /// Shorter ones stand by chance in what a host answers, where they would be replaced.
    private static final int VALUE_BYTES_MIN = 8;
    private static final int VALUE_BYTES_MAX = 8 << 10;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int PORT_MAX = 65_535;

    private final SecretStore store;
    private final Sealed seal;

    public Secrets(SecretStore store, Sealed seal) {
        this.store = store;
        this.seal = seal;
    }

    /// What is wrong with a secret, in a sentence that does not hold its value.
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /// Keeps a secret; empty when there is one of that name.
    ///
    /// @param scheme null: `https`
    /// @param port null: the scheme's own
    public Optional<Binding> add(
            UUID team,
            @Nullable String name,
            @Nullable String value,
            @Nullable String host,
            @Nullable String scheme,
            @Nullable Integer port)
            throws RefusedException {
        if (name == null || !Placeholders.isName(name)) {
            throw new RefusedException("name: " + (name == null ? "absent" : "not a secret's name")
                    + " (expected: 1 to 64 letters, digits, dots, dashes and underscores)");
        }
        var checked = value(value);
        var boundScheme = Objects.requireNonNullElse(scheme, "https");
        if (!boundScheme.equals("https") && !boundScheme.equals("http")) {
            throw new RefusedException("scheme: " + boundScheme + " (expected: https, http)");
        }
        int boundPort = Objects.requireNonNullElse(port, boundScheme.equals("https") ? HTTPS : HTTP);
        if (boundPort < 1 || boundPort > PORT_MAX) {
            throw new RefusedException("port: " + boundPort + " (expected: 1-" + PORT_MAX + ")");
        }
        var binding =
                new Binding(name, PlaceholderMaker.forValue(checked), host(host).text(), boundScheme, boundPort);
        var sealed = seal.seal(checked.getBytes(StandardCharsets.ISO_8859_1), belongsTo(team, binding));
        return store.insert(team, binding, sealed) ? Optional.of(binding) : Optional.empty();
    }

    /// What the egress gateway can put into a header; what it cannot would be refused there, in the middle of a
    /// request.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc9110 RFC 9110 §5.5
    static String value(@Nullable String value) throws RefusedException {
        if (value == null) {
            throw new RefusedException("value: absent (expected: the secret)");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || (c >= 0x7f && c < 0xa0) || c > 0xff) {
                throw new RefusedException("value: character " + i
                        + " cannot stand in a header (expected: no line break, no control character, ISO 8859-1)");
            }
        }
        if (!value.equals(value.strip())) {
            throw new RefusedException("value: begins or ends with a space (expected: none, as a header has none)");
        }
        if (value.length() < VALUE_BYTES_MIN || value.length() > VALUE_BYTES_MAX) {
            throw new RefusedException("value: " + value.length() + " bytes (expected: " + VALUE_BYTES_MIN + " to "
                    + VALUE_BYTES_MAX + ")");
        }
        return value;
    }

    private static HostName host(@Nullable String host) throws RefusedException {
        if (host == null) {
            throw new RefusedException("host: absent (expected: the one host the secret is for)");
        }
        return HostName.parse(host)
                .orElseThrow(() -> new RefusedException(
                        "host: not an exact name (expected: api.example.com; no wildcard, no address, no port)"));
    }

    /// A team's secrets, still sealed.
    public List<StoredSecret> list(UUID team) {
        return store.of(team);
    }

    /// False when there is none of that name.
    public boolean delete(UUID team, String name) {
        return store.delete(team, name);
    }

    /// The secrets of these names in the clear. One that cannot be opened is left out: whatever needs it is refused.
    List<BoundSecret> open(UUID team, Collection<String> names) {
        return store.of(team, names).stream()
                .flatMap(stored -> open(stored).stream())
                .toList();
    }

    private Optional<BoundSecret> open(StoredSecret stored) {
        var binding = stored.binding();
        try {
            var value = seal.open(stored.sealed(), belongsTo(stored.team(), binding));
            return Optional.of(new BoundSecret(
                    binding.name(),
                    new String(value, StandardCharsets.ISO_8859_1),
                    binding.placeholder(),
                    binding.host(),
                    binding.scheme(),
                    binding.port()));
        } catch (Sealed.BrokenException e) {
            LOG.log(Level.ERROR, "secret {0} cannot be used: {1}", binding.name(), e.getMessage());
            return Optional.empty();
        }
    }

    /// The placeholder belongs to it as well: another one would be replaced by the value.
    private static String[] belongsTo(UUID team, Binding binding) {
        return new String[] {
            "secret",
            team.toString(),
            binding.name(),
            binding.placeholder(),
            binding.scheme() + "://" + binding.host() + ":" + binding.port()
        };
    }
}
