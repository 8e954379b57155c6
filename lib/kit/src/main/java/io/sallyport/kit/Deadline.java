package io.sallyport.kit;

import java.time.Duration;

/// The moment by which something must have happened, on the clock of [System#nanoTime()].
public record Deadline(long atNanos, boolean finite) {
    /// Never comes.
    public static final Deadline NEVER = new Deadline(0, false);

    public static Deadline after(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos(), true);
    }

    /// What is left: zero or less when it has passed, 100 years when it never comes.
    public Duration remaining() {
        return finite ? Duration.ofNanos(atNanos - System.nanoTime()) : Duration.ofDays(36_500);
    }

    public boolean passed() {
        return finite && atNanos - System.nanoTime() <= 0;
    }

    public Deadline earlier(Deadline other) {
        if (!finite || !other.finite) {
            return finite ? this : other;
        }
        return atNanos - other.atNanos <= 0 ? this : other;
    }
}
