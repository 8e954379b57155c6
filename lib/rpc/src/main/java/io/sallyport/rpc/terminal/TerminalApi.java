package io.sallyport.rpc.terminal;

/// Paths and limits of terminals.
public final class TerminalApi {
    public static final String CREATE = "/terminal.Terminal/Create";
    public static final String LIST = "/terminal.Terminal/List";

    /// A WebSocket to a terminal: this and its id, with the parameters [#SINCE] and [#READ_ONLY].
    public static final String ATTACH = "/terminals/";

    /// The sequence number of the first byte of output wanted; absent: of the oldest one kept.
    public static final String SINCE = "since";

    /// `true` for a viewer that only looks.
    public static final String READ_ONLY = "readonly";

    /// How much may be on its way and not acknowledged, in each direction.
    public static final int WINDOW_BYTES = 256 << 10;

    /// The largest message in each direction.
    public static final int MESSAGE_BYTES_MAX = 64 << 10;

    /// After so many bytes somebody who has a window tells how far it is, at the latest.
    public static final int ACK_BYTES = 64 << 10;

    private TerminalApi() {}
}
