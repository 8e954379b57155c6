package io.sallyport.rpc.egress.policy;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Mode;
import io.sallyport.rpc.egress.EgressPolicy.Precedence;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.policy.CompiledRule.Attempt;
import io.sallyport.rpc.egress.policy.CompiledRule.Request;
import io.sallyport.rpc.egress.policy.Verdict.Allowed;
import io.sallyport.rpc.egress.policy.Verdict.Refused;
import io.sallyport.wire.address.AddressClass;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A policy in the form that decides. Immutable, any thread.
///
/// Who connects asks [#connect] before it resolves anything, [#address] for every address it would dial, and
/// [#request] for every request it can see; each may refuse what the one before allowed.
///
/// - Rules about names and rules about addresses are one list: a name's rule may deny, whatever its addresses are,
///   and the other way round. What the addresses are is not known in [#connect]; where they alone can allow a name,
///   it says [#PENDING].
/// - **An address that is not public** is reached only where the operator has listed it and a rule about that very
///   name, domain, address or block allows it: neither `*` nor the mode does.
/// - **Rules with methods or paths** say nothing about `tcp` when they allow, and deny all of it when they deny,
///   because nobody could see whether they apply.
/// - A host is not both bypassed and named by a rule with methods or paths.
/// - A scheme is what the client says. So a rule that denies `https` or `http` denies `tcp` to that host as well.
public final class CompiledPolicy {
    /// Allowed so far: an address must decide.
    public static final String PENDING = "pending address";

    private static final Attempt HTTPS = new Attempt(0, "https", null);
    private static final String MODE_OPEN = "mode open";
    private static final String MODE_NONE = "mode none";

    private final EgressPolicy source;
    private final List<IpBlock> operatorPrivate;
    private final RuleList allow;
    private final RuleList deny;
    private final HostTrie<EgressPolicy.Transform> transforms;
    private final HostTrie<Boolean> bypass;

    private CompiledPolicy(EgressPolicy source, List<IpBlock> operatorPrivate) throws PolicyException {
        var reader = new PolicyReader(operatorPrivate);
        this.source = source;
        this.operatorPrivate = operatorPrivate;
        var allowed = reader.allow(source.allow());
        var denied = reader.deny(source.deny());
        this.allow = new RuleList(allowed);
        this.deny = new RuleList(denied);
        this.transforms = reader.transforms(source.transforms());
        this.bypass = reader.bypass(
                source.bypass(),
                Stream.concat(allowed.stream(), denied.stream()).toList());
        PolicyReader.secrets(source.secrets());
        if (source.proxy() != null) {
            reader.proxy(source.proxy());
        }
    }

    /// Where nothing private may be allowed.
    ///
    /// @throws PolicyException where one entry cannot be taken as it stands; then none is
    public static CompiledPolicy compile(EgressPolicy policy) throws PolicyException {
        return compile(policy, List.of());
    }

    /// Where the operator lets policies allow something private.
    ///
    /// @param operatorPrivate blocks that are not public, but may be allowed by a policy
    public static CompiledPolicy compile(EgressPolicy policy, List<IpBlock> operatorPrivate) throws PolicyException {
        return new CompiledPolicy(policy, List.copyOf(operatorPrivate));
    }

    public EgressPolicy source() {
        return source;
    }

    /// Whether a connection may be tried. Where the host is an address this is all of the decision.
    ///
    /// @param scheme `https`, `http` or `tcp`
    public Verdict connect(Destination asked, String scheme) {
        return switch (asked.host()) {
            case HostName name -> decide(name, null, attempt(asked, scheme, null));
            case IpAddress address -> address(asked, scheme, address);
        };
    }

    /// Whether a name may be resolved at all: on some port, by some scheme.
    public Verdict name(HostName name) {
        return decide(name, null, new Attempt(0, null, null));
    }

    /// Whether an address may be dialled for what was asked. If one of several may not, none should be.
    public Verdict address(Destination asked, String scheme, IpAddress dialled) {
        var name = asked.host() instanceof HostName asName ? asName : null;
        var attempt = attempt(asked, scheme, null);
        var address = dialled.unmapped();
        var kind = AddressClass.of(address);
        if (source.mode() != Mode.NONE && !kind.isPublic() && !isPrivateAllowed(name, address, attempt)) {
            return new Refused(EgressReason.ADDRESS_BLOCKED, "address " + kind.id());
        }
        return decide(name, address, attempt);
    }

    private boolean isPrivateAllowed(@Nullable HostName name, IpAddress address, Attempt attempt) {
        return operatorPrivate.stream().anyMatch(block -> block.contains(address))
                && allow.about(name, List.of(address)).stream()
                        .anyMatch(rule -> !(rule.target() instanceof Target.Any) && rule.allows(attempt));
    }

    /// Whether a request may be sent on a connection that was allowed.
    ///
    /// @param scheme `https` or `http`
    /// @param path the request's target; its query does not matter
    public Verdict request(Destination asked, String scheme, String method, String path) {
        var attempt = attempt(asked, scheme, new Request(method, RequestPath.canonical(path)));
        return switch (asked.host()) {
            case HostName name -> decide(name, null, attempt);
            case IpAddress address -> decide(null, address, attempt);
        };
    }

    private static Attempt attempt(Destination asked, String scheme, @Nullable Request request) {
        return new Attempt(asked.port(), scheme, request);
    }

    private Verdict decide(@Nullable HostName name, @Nullable IpAddress address, Attempt attempt) {
        if (source.mode() == Mode.NONE) {
            return new Refused(EgressReason.EGRESS_OFF, MODE_NONE);
        }
        if (attempt.scheme() != null && !CompiledRule.SCHEMES.contains(attempt.scheme())) {
            return new Refused(EgressReason.SCHEME_NOT_ALLOWED, "");
        }
        var candidates = allow.about(name, address == null ? List.of() : List.of(address));
        var allowing = candidates.stream().filter(rule -> rule.allows(attempt)).findFirst();
        var denying = deny.about(name, deniedAddresses(address)).stream()
                .filter(rule -> rule.denies(attempt))
                .toList();
        if (!denying.isEmpty() && source.precedence() == Precedence.DENY) {
            return denied(denying, attempt);
        }
        if (allowing.isPresent()) {
            return new Allowed(allowing.get().label());
        }
        boolean pending = address == null && isPending(candidates, denying, attempt);
        if (!denying.isEmpty()) {
            return pending ? new Allowed(PENDING) : denied(denying, attempt);
        }
        if (source.mode() == Mode.OPEN) {
            return new Allowed(MODE_OPEN);
        }
        return pending ? new Allowed(PENDING) : nearMiss(candidates, attempt);
    }

    /// Through NAT64 a denied address has a second spelling.
    private static List<IpAddress> deniedAddresses(@Nullable IpAddress address) {
        return address == null
                ? List.of()
                : Stream.concat(Stream.of(address), AddressClass.embedded(address).stream())
                        .toList();
    }

    /// Whether a rule about addresses could allow it. In a request it has done so already, unless the name's own
    /// rules have let the connection through and only refuse this request.
    private boolean isPending(List<CompiledRule> candidates, List<CompiledRule> denying, Attempt attempt) {
        boolean byRequest = attempt.request() != null
                && (denying.stream().anyMatch(CompiledRule::isLimited)
                        || candidates.stream()
                                .anyMatch(rule -> rule.portAllowed(attempt) && rule.schemeAllowed(attempt)));
        return !byRequest && allow.blocks().stream().anyMatch(rule -> rule.allows(attempt));
    }

    /// A rule about all of the host says more than one about some requests.
    private static Refused denied(List<CompiledRule> rules, Attempt attempt) {
        for (var rule : rules) {
            if (!rule.isLimited()) {
                return new Refused(EgressReason.HOST_DENIED, rule.label());
            }
        }
        var reason = attempt.request() == null ? EgressReason.SCHEME_NOT_ALLOWED : EgressReason.METHOD_NOT_ALLOWED;
        return new Refused(reason, rules.getFirst().label());
    }

    /// Says what was closest to being allowed.
    private static Refused nearMiss(List<CompiledRule> candidates, Attempt attempt) {
        var byPort =
                candidates.stream().filter(rule -> rule.portAllowed(attempt)).toList();
        var byScheme =
                byPort.stream().filter(rule -> rule.schemeAllowed(attempt)).toList();
        if (!byScheme.isEmpty()) {
            return new Refused(
                    EgressReason.METHOD_NOT_ALLOWED, byScheme.getFirst().label());
        }
        if (!byPort.isEmpty()) {
            return new Refused(
                    EgressReason.SCHEME_NOT_ALLOWED, byPort.getFirst().label());
        }
        return candidates.isEmpty()
                ? new Refused(EgressReason.HOST_NOT_ALLOWED, "")
                : new Refused(
                        EgressReason.PORT_NOT_ALLOWED, candidates.getFirst().label());
    }

    /// Whether TLS to it must be looked into because of a rule or a transform. Of secrets and of [#bypassed] it knows
    /// nothing.
    public boolean needsInterception(Destination asked) {
        if (source.mode() == Mode.NONE) {
            return false;
        }
        var https = attempt(asked, "https", null);
        var name = asked.host() instanceof HostName asName ? asName : null;
        boolean byRule = Stream.of(allow, deny)
                .flatMap(list -> list.about(name, List.of()).stream())
                .anyMatch(rule -> rule.isLimited() && rule.portAllowed(https) && rule.schemeAllowed(https));
        return byRule || (name != null && transform(name).isPresent());
    }

    /// The names for which [#needsInterception] can be true and that are not [#bypassed], each for all that is below
    /// it as well; empty where it can be true for any host.
    public Optional<Set<HostName>> inspected() {
        if (source.mode() == Mode.NONE) {
            return Optional.of(Set.of());
        }
        var names = new HashSet<HostName>();
        var targets = Stream.concat(
                Stream.of(allow, deny)
                        .flatMap(list -> list.all().stream())
                        .filter(rule -> rule.isLimited() && rule.schemeAllowed(HTTPS))
                        .map(CompiledRule::target),
                source.transforms().stream().flatMap(transform -> Target.parseName(transform.host()).stream()));
        for (var target : targets.toList()) {
            switch (target) {
                case Target.Any any -> {
                    return Optional.empty();
                }
                case Target.Exact exact -> {
                    if (!bypassed(exact.name())) {
                        names.add(exact.name());
                    }
                }
                case Target.Below below -> names.add(below.suffix());
                case Target.Block block -> throw new IllegalStateException(block.text()); // see PolicyReader
            }
        }
        return Optional.of(names);
    }

    /// Whether a host is never looked into.
    public boolean bypassed(HostName name) {
        return !bypass.find(name).isEmpty();
    }

    /// The headers to be set for a host: those of its own name, else of the longest wildcard; never of both.
    public Optional<EgressPolicy.Transform> transform(HostName name) {
        var found = transforms.find(name);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
    }
}
