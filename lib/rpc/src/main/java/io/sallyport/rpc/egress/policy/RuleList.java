package io.sallyport.rpc.egress.policy;

import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list of rules, asked by host. Immutable once made.
final class RuleList {
    private final List<CompiledRule> all;
    private final HostTrie<CompiledRule> names = new HostTrie<>();
    private final List<CompiledRule> any = new ArrayList<>();
    private final List<CompiledRule> blocks = new ArrayList<>();

    RuleList(List<CompiledRule> rules) {
        this.all = List.copyOf(rules);
        for (var rule : rules) {
            switch (rule.target()) {
                case Target.Any _ -> any.add(rule);
                case Target.Exact exact -> names.addExact(exact.name(), rule);
                case Target.Below below -> names.addBelow(below.suffix(), rule);
                case Target.Block _ -> blocks.add(rule);
            }
        }
    }

    /// The rules about a host, in the order of the list.
    ///
    /// @param name null where the host is an address
    /// @param addresses what it is reached by; none where that is not known
    List<CompiledRule> about(@Nullable HostName name, List<IpAddress> addresses) {
        var found = new ArrayList<>(any);
        if (name != null) {
            found.addAll(names.find(name));
        }
        for (var address : addresses) {
            for (var rule : blocks) {
                if (rule.target() instanceof Target.Block(var block) && block.contains(address)) {
                    found.add(rule);
                }
            }
        }
        found.sort(Comparator.comparingInt(CompiledRule::index));
        return found;
    }

    List<CompiledRule> all() {
        return all;
    }

    /// The rules about addresses.
    List<CompiledRule> blocks() {
        return blocks;
    }
}
