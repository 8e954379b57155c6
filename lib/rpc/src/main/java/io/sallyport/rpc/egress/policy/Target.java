package io.sallyport.rpc.egress.policy;

import io.sallyport.wire.address.Host;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import java.util.Optional;
import java.util.Set;

/// Which hosts an entry is about. Immutable.
sealed interface Target {
    /// What [#parse] takes.
    String EXPECTED = "a host, *.domain below a registrable domain, *, an address, or a CIDR block without host bits";

    /// All of IPv4; who writes it means everything, and would be surprised by an open IPv6.
    String ALL_TRAFFIC = "0.0.0.0/0";

    String ANY = "*";

    String WILDCARD = "*.";

    /// What registries of countries put names below, as in `co.uk`. Far from all public suffixes.
    Set<String> REGISTRY_LABELS = Set.of("ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org");

    String text();

    /// `*`, and [#ALL_TRAFFIC].
    record Any(String text) implements Target {}

    record Exact(HostName name) implements Target {
        @Override
        public String text() {
            return name.text();
        }
    }

    /// All names below a name, at any depth, but not the name itself.
    record Below(HostName suffix) implements Target {
        @Override
        public String text() {
            return WILDCARD + suffix.text();
        }
    }

    record Block(IpBlock block) implements Target {
        @Override
        public String text() {
            return block.prefix() == block.base().bits() ? block.base().text() : block.text();
        }
    }

    /// Whether there is a name that both are about. A block is about addresses, and so about no name.
    default boolean sharesNamesWith(Target other) {
        return switch (this) {
            case Any _ -> !(other instanceof Block);
            case Block _ -> false;
            case Exact(var name) ->
                switch (other) {
                    case Any _ -> true;
                    case Block _ -> false;
                    case Exact exact -> exact.name().equals(name);
                    case Below below -> isBelow(name, below.suffix());
                };
            case Below(var suffix) ->
                switch (other) {
                    case Any _ -> true;
                    case Block _ -> false;
                    case Exact exact -> isBelow(exact.name(), suffix);
                    case Below below ->
                        below.suffix().equals(suffix)
                                || isBelow(below.suffix(), suffix)
                                || isBelow(suffix, below.suffix());
                };
        };
    }

    private static boolean isBelow(HostName name, HostName suffix) {
        int dot = name.text().length() - suffix.text().length() - 1;
        return dot > 0 && name.text().charAt(dot) == '.' && name.text().endsWith(suffix.text());
    }

    static Optional<Target> parse(String text) {
        if (text.equals(ANY) || text.equals(ALL_TRAFFIC)) {
            return Optional.of(new Any(text));
        }
        if (text.startsWith(WILDCARD)) {
            return HostName.parse(text.substring(WILDCARD.length()))
                    .filter(suffix -> !isPublicSuffix(suffix))
                    .map(Below::new);
        }
        if (text.indexOf('/') >= 0) {
            return IpBlock.parse(text).map(Block::new);
        }
        return Host.parse(text).map(host -> switch (host) {
            case HostName name -> new Exact(name);
            case IpAddress address -> new Block(IpBlock.of(address));
        });
    }

    /// Names only: an exact one, or a wildcard.
    static Optional<Target> parseName(String text) {
        return parse(text).filter(target -> target instanceof Exact || target instanceof Below);
    }

    /// A top-level domain, or what looks like a country's second level.
    private static boolean isPublicSuffix(HostName name) {
        var labels = name.labels();
        return labels.size() == 1
                || (labels.size() == 2
                        && labels.getLast().length() == 2
                        && REGISTRY_LABELS.contains(labels.getFirst()));
    }
}
