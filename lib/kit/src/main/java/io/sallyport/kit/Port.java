package io.sallyport.kit;

import java.util.Optional;

/// A TCP port, 1 to 65535.
public record Port(int number) {
    /// The guest daemon's port inside every sandbox. Source: reference/sandbox-api.md §3.
    public static final Port GUEST = new Port(49983);

    private static final int MAX = 65535;

    public Port {
        if (number < 1 || number > MAX) {
            throw new IllegalArgumentException("port: " + number + " (expected: 1-65535)");
        }
    }

    /// The port that `text` spells in its one canonical form: decimal, no sign, no leading zero.
    public static Optional<Port> parse(String text) {
        if (text.isEmpty() || text.length() > 5 || text.charAt(0) == '0') {
            return Optional.empty();
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            number = number * 10 + digit;
        }
        return number <= MAX ? Optional.of(new Port(number)) : Optional.empty();
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
