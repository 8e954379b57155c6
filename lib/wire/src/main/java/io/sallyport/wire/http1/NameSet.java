package io.sallyport.wire.http1;

/// A set of header names, asked without regard to case and without making objects. Immutable.
public final class NameSet {
    private final String[] slots;

    private NameSet(String[] slots) {
        this.slots = slots;
    }

    public static NameSet of(String... names) {
        var slots = new String[Integer.highestOneBit(4 * names.length + 4)];
        for (var name : names) {
            int at = hash(name) & (slots.length - 1);
            while (slots[at] != null) {
                at = (at + 1) & (slots.length - 1);
            }
            slots[at] = name;
        }
        return new NameSet(slots);
    }

    public boolean contains(String name) {
        return find(name, false);
    }

    /// The same, with `_` taken for `-`: what many servers make one variable of.
    public boolean containsTwin(String name) {
        return find(name, true);
    }

    private boolean find(String name, boolean twins) {
        int at = hash(name) & (slots.length - 1);
        while (slots[at] != null) {
            if (same(slots[at], name, twins)) {
                return true;
            }
            at = (at + 1) & (slots.length - 1);
        }
        return false;
    }

    private static boolean same(String a, String b, boolean twins) {
        if (a.length() != b.length()) {
            return false;
        }
        for (int i = 0; i < a.length(); i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (fold(x) != fold(y) || (!twins && (x == '_') != (y == '_'))) {
                return false;
            }
        }
        return true;
    }

    private static int hash(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + fold(name.charAt(i));
        }
        return hash ^ (hash >>> 15);
    }

    private static char fold(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + 32);
        }
        return c == '_' ? '-' : c;
    }
}
