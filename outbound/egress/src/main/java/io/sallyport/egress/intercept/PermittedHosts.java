package io.sallyport.egress.intercept;

import io.sallyport.wire.address.Host;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// The hosts that an [Intermediate] may sign for. Immutable, and equal where it permits the same.
///
/// @spec https://www.rfc-editor.org/info/rfc5280 RFC 5280 §4.2.1.10
public sealed interface PermittedHosts {
    /// Every host there is.
    PermittedHosts ANY = new Any();

    /// Whether clients accept its certificate for a host.
    boolean permits(Host host);

    /// The part that permits a host, small enough for one certificate.
    PermittedHosts around(Host host);

    /// These, and for each name all below it too: a constraint cannot say less. So `example.com` and `*.example.com`
    /// are the same here.
    ///
    /// @param names at least one, without which the certificate would have to say in another way that there is none
    static PermittedHosts of(Collection<HostName> names, Collection<IpAddress> addresses) {
        return new Listed(topmost(names), sorted(addresses));
    }

    private static List<HostName> topmost(Collection<HostName> names) {
        Set<String> all = new HashSet<>();
        names.forEach(name -> all.add(name.text()));
        return names.stream()
                .distinct()
                .filter(name -> !isBelowAny(parent(name.text()), all))
                .sorted(Comparator.comparing(HostName::text))
                .toList();
    }

    private static List<IpAddress> sorted(Collection<IpAddress> addresses) {
        var byText = new TreeMap<String, IpAddress>();
        addresses.forEach(address -> byText.put(address.text(), address));
        return List.copyOf(byText.values());
    }

    /// Whether a name, or one that it is below, is among them.
    private static boolean isBelowAny(String name, Set<String> all) {
        for (var rest = name; !rest.isEmpty(); rest = parent(rest)) {
            if (all.contains(rest)) {
                return true;
            }
        }
        return false;
    }

    /// What follows the first label; empty behind the last.
    private static String parent(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    record Any() implements PermittedHosts {
        @Override
        public boolean permits(Host host) {
            return true;
        }

        @Override
        public PermittedHosts around(Host host) {
            return this;
        }
    }

    /// Made by [#of].
    ///
    /// @param names sorted, none of them below another; at least one
    /// @param addresses sorted
    record Listed(List<HostName> names, List<IpAddress> addresses) implements PermittedHosts {
        /// How many names, and how many addresses, one certificate has. That is 17 KiB where all names are as long as
        /// names can be; the JDK's clients take 32 KiB of certificates.
        static final int ENTRIES_MAX = 64;

        public Listed {
            if (names.isEmpty()) {
                throw new IllegalArgumentException("no name is permitted (expected: one or more)");
            }
            names = List.copyOf(names);
            addresses = List.copyOf(addresses);
        }

        @Override
        public boolean permits(Host host) {
            return switch (host) {
                case IpAddress address -> addresses.contains(address);
                case HostName name -> names.stream().anyMatch(top -> isBelow(name.text(), top.text()));
            };
        }

        @Override
        public PermittedHosts around(Host host) {
            if (names.size() <= ENTRIES_MAX && addresses.size() <= ENTRIES_MAX) {
                return this;
            }
            return switch (host) {
                case IpAddress address -> new Listed(part(names, 0), part(addresses, addresses.indexOf(address)));
                case HostName name -> new Listed(part(names, indexOf(name)), part(addresses, 0));
            };
        }

        private int indexOf(HostName name) {
            for (int i = 0; i < names.size(); i++) {
                if (isBelow(name.text(), names.get(i).text())) {
                    return i;
                }
            }
            return 0;
        }

        /// Of equal parts the one that an index is in.
        private static <T> List<T> part(List<T> all, int index) {
            int from = Math.max(index, 0) / ENTRIES_MAX * ENTRIES_MAX;
            return all.subList(from, Math.min(from + ENTRIES_MAX, all.size()));
        }

        private static boolean isBelow(String name, String top) {
            return name.endsWith(top)
                    && (name.length() == top.length() || name.charAt(name.length() - top.length() - 1) == '.');
        }
    }
}
