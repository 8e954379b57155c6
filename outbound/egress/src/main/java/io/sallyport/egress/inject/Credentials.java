package io.sallyport.egress.inject;

import io.sallyport.rpc.egress.BoundSecret;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.Host;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The credentials of one sandbox, each bound to one host, scheme and port. Immutable.
///
/// - **Threads**: any.
/// - **Limits**: [#COUNT_MAX] credentials, a value of [#VALUE_CHARS_MAX] characters.
public final class Credentials {
    public static final int COUNT_MAX = 256;
    public static final int VALUE_CHARS_MAX = 8 << 10;

    public static final Credentials NONE = new Credentials(List.of(), Map.of());

    private final List<Bound> all;
    private final List<BoundSecret> secrets;
    private final Set<Binding> bindings;
    private final Map<String, List<Bound>> byPlaceholder = new LinkedHashMap<>();
    private final List<String> placeholders; // by the index of `raw`
    private final List<String> names; // by the index of `anySpelling`
    private final Patterns raw;
    private final Patterns anySpelling;

    private record Binding(Host host, String scheme, int port) {}

    private record Bound(String name, String value, Binding binding) {}

    private Credentials(List<BoundSecret> secrets, Map<BoundSecret, Bound> bound) {
        this.secrets = List.copyOf(secrets);
        this.all = List.copyOf(bound.values());
        this.bindings = all.stream().map(Bound::binding).collect(Collectors.toUnmodifiableSet());
        var nameByPlaceholder = new LinkedHashMap<String, String>();
        for (var secret : secrets) {
            var one = bound.get(secret);
            if (one == null) {
                continue;
            }
            if (!secret.placeholder().isEmpty()) {
                nameByPlaceholder.putIfAbsent(secret.placeholder(), secret.name());
                byPlaceholder
                        .computeIfAbsent(secret.placeholder(), key -> new ArrayList<>())
                        .add(one);
            }
        }
        this.placeholders = List.copyOf(nameByPlaceholder.keySet());
        this.raw = new Patterns(placeholders.stream()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList());
        var spelled = new LinkedHashMap<String, String>();
        nameByPlaceholder.forEach((placeholder, name) -> {
            for (var spelling : Spellings.of(placeholder)) {
                if (Spellings.isFindable(spelling)) {
                    spelled.putIfAbsent(new String(spelling, StandardCharsets.ISO_8859_1), name);
                }
            }
        });
        this.names = List.copyOf(spelled.values());
        this.anySpelling = new Patterns(spelled.keySet().stream()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList());
    }

    /// Credentials that are checked: what could not stand in a header is refused here, and not later.
    public static Credentials of(List<BoundSecret> secrets) throws CredentialException {
        if (secrets.size() > COUNT_MAX) {
            throw new CredentialException("more than " + COUNT_MAX + " credentials");
        }
        var bound = new LinkedHashMap<BoundSecret, Bound>();
        for (var secret : secrets) {
            var what = "credential " + printable(secret.name()) + ": ";
            check(secret.value(), what + "its value");
            if (secret.value().length() > VALUE_CHARS_MAX || secret.value().isEmpty()) {
                throw new CredentialException(what + "its value has not 1 to " + VALUE_CHARS_MAX + " characters");
            }
            check(secret.placeholder(), what + "its placeholder");
            if (!secret.placeholder().isEmpty() && secret.placeholder().length() < Spellings.BYTES_MIN) {
                throw new CredentialException(what + "its placeholder is shorter than " + Spellings.BYTES_MIN);
            }
            if (secret.placeholder().contains(secret.value())) {
                throw new CredentialException(what + "its placeholder says its value");
            }
            var host = Host.parse(secret.host())
                    .orElseThrow(() -> new CredentialException(what + "it is bound to no host that there can be"));
            if (!secret.scheme().equals("https") && !secret.scheme().equals("http")) {
                throw new CredentialException(what + "it is bound to no scheme (expected: https or http)");
            }
            var binding = new Binding(host, secret.scheme(), secret.port());
            bound.put(secret, new Bound(secret.name(), secret.value(), binding));
        }
        return new Credentials(secrets, bound);
    }

    private static void check(String text, String what) throws CredentialException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || (c >= 0x7f && c < 0xa0) || c > 0xff) {
                throw new CredentialException(what + " has a character that no header may have");
            }
        }
        if (!text.equals(text.strip())) {
            throw new CredentialException(what + " begins or ends with a space");
        }
    }

    private static String printable(String name) {
        return name.replaceAll("[^A-Za-z0-9_.-]", "?");
    }

    /// The hosts that any is bound to.
    public Set<Host> hosts() {
        return all.stream().map(one -> one.binding().host()).collect(Collectors.toSet());
    }

    /// Whether any is bound to a destination.
    public boolean anyFor(Destination destination, String scheme) {
        return bindings.contains(binding(destination, scheme));
    }

    /// How answers are cleaned of all these values, wherever each is bound: a host may have stored one that it was
    /// sent, and give it back under another name, port or scheme. Also of what transforms say literally.
    ///
    /// To be made once and kept. Empty where there is nothing to look for.
    public Optional<Scrubbing> scrubbing(List<Transform> transforms) {
        var instead = new LinkedHashMap<String, String>();
        secrets.forEach(one -> instead.putIfAbsent(one.value(), one.placeholder()));
        Literals.of(transforms).forEach(text -> instead.putIfAbsent(text, ""));
        return instead.isEmpty() ? Optional.empty() : Optional.of(new Scrubbing(instead));
    }

    private static Binding binding(Destination destination, String scheme) {
        return new Binding(destination.host(), scheme, destination.port());
    }

    /// The value of the credential of that name that is bound to a destination.
    Optional<String> value(String name, Destination destination, String scheme) {
        var binding = binding(destination, scheme);
        return all.stream()
                .filter(one -> one.name().equals(name) && one.binding().equals(binding))
                .map(Bound::value)
                .findFirst();
    }

    /// A text with the placeholders replaced for which a credential is bound to the destination.
    ///
    /// @throws MisusedException where a placeholder's credential is bound elsewhere
    String fill(String text, Destination destination, String scheme, List<String> used) throws MisusedException {
        var binding = binding(destination, scheme);
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var filled = new StringBuilder(text.length());
        var misused = new ArrayList<String>();
        raw.run(bytes, bytes.length, true, new Patterns.Output() {
            @Override
            public void other(byte[] from, int offset, int length) {
                filled.append(new String(from, offset, length, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void match(int pattern) {
                var candidates = byPlaceholder.getOrDefault(placeholders.get(pattern), List.of());
                for (var one : candidates) {
                    if (one.binding().equals(binding)) {
                        filled.append(one.value());
                        used.add(one.name());
                        return;
                    }
                }
                misused.add(candidates.getFirst().name());
            }
        });
        if (!misused.isEmpty()) {
            throw new MisusedException(misused.getFirst());
        }
        return filled.toString();
    }

    /// Whether there is a placeholder to look for at all.
    public boolean hasPlaceholders() {
        return !placeholders.isEmpty();
    }

    /// Looks for placeholders in any spelling, in pieces of a text.
    Search search() {
        return new Search();
    }

    /// The state of looking through one text.
    final class Search {
        private int state = Patterns.ROOT;

        /// Goes on with a piece.
        ///
        /// @throws MisusedException where a placeholder ends in it
        void add(byte[] bytes, int offset, int length) throws MisusedException {
            int end = offset + length;
            for (int i = offset; i < end; i++) {
                state = anySpelling.step(state, bytes[i]);
                int found = anySpelling.matchAt(state);
                if (found != Patterns.NONE) {
                    throw new MisusedException(names.get(found));
                }
            }
        }
    }

    /// Refuses a text with a placeholder in it.
    void refuseIn(String text) throws MisusedException {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        search().add(bytes, 0, bytes.length);
    }

    @Override
    public String toString() {
        return "Credentials[" + all.size() + "]";
    }
}
