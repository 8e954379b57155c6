package io.sallyport.cli;

/// Whether a person is looking.
public final class Terminal {
    private Terminal() {}

    /// Standard output is a terminal, and nobody asked for no colours.
    @SuppressWarnings("SystemConsoleNull") // NullAway knows it as nullable
    public static boolean isColour() {
        var console = System.console();
        return console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
    }
}
