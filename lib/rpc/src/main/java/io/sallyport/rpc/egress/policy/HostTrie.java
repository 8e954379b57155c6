package io.sallyport.rpc.egress.policy;

import io.sallyport.wire.address.HostName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values by host name and by wildcard, found in as many steps as a name has labels.
///
/// - **Threads**: not while something is added.
final class HostTrie<V> {
    private final Node<V> root = new Node<>();

    private static final class Node<V> {
        final Map<String, Node<V>> children = new HashMap<>();
        final List<V> exact = new ArrayList<>();
        final List<V> below = new ArrayList<>();
    }

    /// Says whether it is the first one there.
    boolean addExact(HostName name, V value) {
        return add(node(name).exact, value);
    }

    /// For all names below `suffix`, but not for `suffix` itself. Says whether it is the first one there.
    boolean addBelow(HostName suffix, V value) {
        return add(node(suffix).below, value);
    }

    private static <V> boolean add(List<V> values, V value) {
        values.add(value);
        return values.size() == 1;
    }

    private Node<V> node(HostName name) {
        var node = root;
        for (var label : name.labels().reversed()) {
            node = node.children.computeIfAbsent(label, key -> new Node<>());
        }
        return node;
    }

    /// All that fit: those of the shortest wildcard first, those of the name itself last.
    List<V> find(HostName name) {
        var found = new ArrayList<V>();
        var text = name.text();
        @Nullable Node<V> node = root;
        int end = text.length();
        while (node != null && end >= 0) {
            int dot = text.lastIndexOf('.', end - 1);
            node = node.children.get(text.substring(dot + 1, end));
            if (node != null) {
                found.addAll(dot < 0 ? node.exact : node.below);
            }
            end = dot;
        }
        return found;
    }
}
