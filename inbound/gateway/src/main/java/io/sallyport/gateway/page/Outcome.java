package io.sallyport.gateway.page;

/// How an exchange ended. Error pages, JSON bodies, the log's `outcome` and the metrics' label are derived from
/// it.
///
/// `id` goes to programs as `reason`; `sentence` is for people and has no internals in it.
public enum Outcome {
    ANSWERED("answered", 0, Fault.NOBODY, false, "The app answered."),
    TUNNEL("tunnel", 0, Fault.NOBODY, false, "The connection was upgraded and has ended."),
    APP_CUT("app_cut", 0, Fault.APP, false, "The app broke its answer off."),
    CLIENT_CUT("client_cut", 0, Fault.CLIENT, false, "The client did not wait for the end of the answer."),
    OPENED("link_opened", 303, Fault.NOBODY, false, "A signed link became a cookie."),
    PREFLIGHT("preflight", 204, Fault.NOBODY, false, "A pre-flight request was answered."),

    BAD_MESSAGE("bad_message", 400, Fault.CLIENT, false, "The request is malformed or ambiguous."),
    BAD_PORT(
            "bad_port",
            400,
            Fault.CLIENT,
            false,
            "The port in the host name is not a number from 1 to 65535 without leading zeros."),
    BAD_ID(
            "bad_sandbox_id",
            400,
            Fault.CLIENT,
            false,
            "The host name does not contain a sandbox id (cl- and 25 of 0-9 and a-z)."),
    MISSING_ROUTING_HEADER(
            "missing_header",
            400,
            Fault.CLIENT,
            false,
            "E2b-Sandbox-Id and E2b-Sandbox-Port belong together; one is missing."),
    BAD_REQUEST_BODY("bad_request_body", 400, Fault.CLIENT, false, "The body of the request is malformed."),
    NO_ACCESS("no_access", 401, Fault.CLIENT, false, "What the request shows does not open this port."),
    UNKNOWN_SANDBOX(
            "unknown_sandbox",
            404,
            Fault.CLIENT,
            false,
            "There is no such sandbox, or it is private and the request does not show that it may be reached."),
    RESERVED_PATH("reserved_path", 404, Fault.CLIENT, false, "This path belongs to the platform."),
    RESERVED_PORT("reserved_port", 404, Fault.CLIENT, false, "This port belongs to the platform."),
    CONNECT_METHOD("connect_not_served", 405, Fault.CLIENT, false, "CONNECT is not served here."),
    NOT_RUNNING("not_running", 409, Fault.CLIENT, false, "The sandbox is not running."),
    SANDBOX_CONNECTIONS(
            "sandbox_connections", 429, Fault.CLIENT, true, "Too many connections to this sandbox are open."),
    SANDBOX_REQUESTS("sandbox_requests", 429, Fault.CLIENT, true, "Too many requests a second go to this sandbox."),
    GATEWAY_CONNECTIONS("gateway_connections", 429, Fault.PLATFORM, true, "Too many connections are open."),
    GATEWAY_HEADS("gateway_heads", 429, Fault.PLATFORM, true, "Too many requests are being received."),
    NOT_LISTENING("not_listening", 502, Fault.APP, true, "The sandbox is running, but nothing listens on this port."),
    BOUND_ELSEWHERE(
            "bound_elsewhere",
            502,
            Fault.APP,
            true,
            "An app listens on this port, but on an address that only it can be reached at."),
    APP_EXITED("app_exited", 502, Fault.APP, true, "The app that listened on this port does not any more."),
    APP_BROKE("app_broke", 502, Fault.APP, true, "The app ended the exchange before it had answered."),
    APP_MALFORMED("app_malformed", 502, Fault.APP, false, "The app's answer is not valid HTTP."),
    UNREACHABLE("host_unreachable", 503, Fault.PLATFORM, true, "The sandbox's host cannot be reached. Try again."),
    UNDECIDED(
            "control_unavailable",
            503,
            Fault.PLATFORM,
            true,
            "It cannot be decided now where this request goes. Try again."),
    APP_SLOW("app_slow", 504, Fault.APP, true, "The app took too long to answer.");

    private final String id;
    private final int status;
    private final Fault fault;
    private final boolean retryable;
    private final String sentence;

    /// Whose it is to do something about it.
    public enum Fault {
        NOBODY,
        CLIENT,
        APP,
        PLATFORM
    }

    Outcome(String id, int status, Fault fault, boolean retryable, String sentence) {
        this.id = id;
        this.status = status;
        this.fault = fault;
        this.retryable = retryable;
        this.sentence = sentence;
    }

    public String id() {
        return id;
    }

    /// The status of the gateway's own answer; 0 where the app answered.
    public int status() {
        return status;
    }

    public Fault fault() {
        return fault;
    }

    /// Whether the same request may succeed a little later.
    public boolean retryable() {
        return retryable;
    }

    public String sentence() {
        return sentence;
    }

    /// Whether the app was reached and answered: what counts as activity.
    public boolean reachedApp() {
        return this == ANSWERED || this == TUNNEL || this == CLIENT_CUT;
    }
}
