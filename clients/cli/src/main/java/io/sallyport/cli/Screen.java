package io.sallyport.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Where the output of a terminal goes byte for byte, and beside it what we have to say.
///
/// - **Threads**: any; one writes at a time. A status that cannot be shown at once is not shown.
/// - **Errors**: [IOException] when whoever read the output is gone; what we say ourselves may get lost.
final class Screen {
    private static final long RESET_WAIT_MS = 200;

    private final OutputStream out;
    private final OutputStream err;
    private final boolean inPlace;
    private final ReentrantLock lock = new ReentrantLock();
    private final ScreenModes modes = new ScreenModes();
    private boolean lineStart = true;
    private boolean status;

    /// A screen.
    ///
    /// @param inPlace both are a terminal in raw mode, in which a status can come and go
    Screen(OutputStream out, OutputStream err, boolean inPlace) {
        this.out = out;
        this.err = err;
        this.inPlace = inPlace;
    }

    void write(byte[] output, int offset, int length) throws IOException {
        lock.lock();
        try {
            removeStatus();
            modes.feed(output, offset, length);
            out.write(output, offset, length);
            out.flush();
            lineStart = length == 0 ? lineStart : output[offset + length - 1] == '\n';
        } finally {
            lock.unlock();
        }
    }

    /// Whether a program has the whole screen.
    boolean otherScreen() {
        lock.lock();
        try {
            return modes.otherScreen();
        } finally {
            lock.unlock();
        }
    }

    /// Says something on a line of its own that stays.
    void note(String text) {
        lock.lock();
        try {
            removeStatus();
            say((inPlace && !lineStart ? "\r\n" : "") + "[sallyport: " + text + "]" + (inPlace ? "\r\n" : "\n"));
            lineStart = true;
        } finally {
            lock.unlock();
        }
    }

    /// Shows a status below the cursor until there is output or [#clear()]. Where nothing can be shown in place
    /// the first one after a [#clear()] becomes a note.
    void status(String text) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!inPlace) {
                if (!status) {
                    note(text);
                }
                status = true;
            } else if (modes.atRest()) {
                // A line feed keeps the column, and makes room where the cursor is in the last line.
                say((status ? "" : "\n\0337") + "\r\033[7m[sallyport: " + text + "]\033[27m\033[K");
                status = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes the status away.
    void clear() {
        if (lock.tryLock()) {
            try {
                removeStatus();
            } finally {
                lock.unlock();
            }
        }
    }

    private void removeStatus() {
        if (status && inPlace) {
            say("\r\033[K\0338\033[A");
        }
        status = false;
    }

    /// Makes the terminal as it was. Gives up where a write is stuck, as we may be ending for that.
    void reset() {
        try {
            if (!lock.tryLock(RESET_WAIT_MS, TimeUnit.MILLISECONDS)) {
                return;
            }
            try {
                removeStatus();
                byte[] reset = modes.reset();
                out.write(reset);
                boolean moved = reset.length > 0; // back to where the cursor was before the other screen
                if (inPlace && (moved || !lineStart)) {
                    out.write('\r');
                    out.write('\n');
                    lineStart = true;
                }
                out.flush();
            } finally {
                lock.unlock();
            }
        } catch (IOException e) {
            // Nobody looks any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            // Nobody reads it.
        }
    }
}
