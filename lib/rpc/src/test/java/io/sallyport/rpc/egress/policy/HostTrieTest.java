package io.sallyport.rpc.egress.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.address.HostName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HostTrieTest {
    private static final long SEED = 9_090;
    private static final String[] LABELS = {"a", "b", "ab", "com", "x-y", "_z"};

    private record Entry(boolean wildcard, String name) {
        boolean fits(String host) {
            return wildcard ? host.endsWith("." + name) : host.equals(name);
        }

        /// Short wildcards first, the name itself last.
        int rank() {
            return wildcard ? name.split("\\.", -1).length : Integer.MAX_VALUE;
        }
    }

    @Test
    void findsWhatComparingWithEveryEntryFinds() {
        var random = new Random(SEED);
        int found = 0;
        for (int round = 0; round < 500; round++) {
            var trie = new HostTrie<Entry>();
            var entries = new ArrayList<Entry>();
            for (int i = random.nextInt(40); i > 0; i--) {
                var entry = new Entry(random.nextBoolean(), name(random));
                boolean first = !entries.contains(entry);
                entries.add(entry);
                var name = new HostName(entry.name());
                assertEquals(first, entry.wildcard() ? trie.addBelow(name, entry) : trie.addExact(name, entry));
            }
            for (int i = 0; i < 100; i++) {
                var host = name(random);
                List<Entry> expected = entries.stream()
                        .filter(entry -> entry.fits(host))
                        .sorted(Comparator.comparingInt(Entry::rank))
                        .toList();
                assertEquals(expected, trie.find(new HostName(host)));
                found += expected.size();
            }
        }
        assertTrue(found > 10_000, found + " found");
    }

    private static String name(Random random) {
        var labels = new ArrayList<String>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            labels.add(LABELS[random.nextInt(LABELS.length)]);
        }
        return String.join(".", labels);
    }
}
