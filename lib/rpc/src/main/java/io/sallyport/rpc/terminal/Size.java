package io.sallyport.rpc.terminal;

/// The size of a terminal in characters.
public record Size(int cols, int rows) {
    public static final Size DEFAULT = new Size(80, 24);

    /// More is nobody's screen, and makes programs inside use up their memory.
    public static final int MAX = 10_000;

    public boolean valid() {
        return cols >= 1 && cols <= MAX && rows >= 1 && rows <= MAX;
    }

    @Override
    public String toString() {
        return cols + "x" + rows;
    }
}
