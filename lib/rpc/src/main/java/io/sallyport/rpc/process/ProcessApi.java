package io.sallyport.rpc.process;

/// The paths of the methods.
public final class ProcessApi {
    public static final String LIST = "/process.Process/List";
    public static final String START = "/process.Process/Start";
    public static final String CONNECT = "/process.Process/Connect";
    public static final String UPDATE = "/process.Process/Update";
    public static final String SEND_INPUT = "/process.Process/SendInput";
    public static final String CLOSE_STDIN = "/process.Process/CloseStdin";
    public static final String SEND_SIGNAL = "/process.Process/SendSignal";

    private ProcessApi() {}

    /// Asks for a keepalive event after so many seconds without data.
    public static final String KEEPALIVE_HEADER = "Keepalive-Ping-Interval";
}
