package io.sallyport.gateway.page;

/// How an exchange ended when no app answered it.
///
/// `id` goes to programs as `reason`; `sentence` is for people and has no internals in it.
public enum Outcome {
    BAD_PORT("bad_port", 400, "The port in the host name is not a number from 1 to 65535 without leading zeros."),
    BAD_ID("bad_sandbox_id", 400, "The host name does not contain a sandbox id (cl- and 25 of 0-9 and a-z)."),
    MISSING_ROUTING_HEADER(
            "missing_header", 400, "E2b-Sandbox-Id and E2b-Sandbox-Port belong together; one is missing."),
    CONNECT_METHOD("connect_not_served", 405, "CONNECT is not served here."),
    BAD_REQUEST_BODY("bad_request_body", 400, "The body of the request is malformed."),
    RESERVED_PATH("reserved_path", 404, "This path belongs to the platform."),
    UNKNOWN_SANDBOX("unknown_sandbox", 404, "There is no such sandbox."),
    NOT_RUNNING("not_running", 409, "The sandbox is not running."),
    NOT_LISTENING("not_listening", 502, "The sandbox is running, but nothing listens on this port."),
    APP_BROKE("app_broke", 502, "The app ended the exchange before it had answered."),
    APP_MALFORMED("app_malformed", 502, "The app's answer is not valid HTTP."),
    UNREACHABLE("host_unreachable", 503, "The sandbox's host cannot be reached. Try again."),
    UNDECIDED("control_unavailable", 503, "It cannot be decided now where this request goes. Try again."),
    APP_SLOW("app_slow", 504, "The app took too long to answer.");

    private final String id;
    private final int status;
    private final String sentence;

    Outcome(String id, int status, String sentence) {
        this.id = id;
        this.status = status;
        this.sentence = sentence;
    }

    public String id() {
        return id;
    }

    public int status() {
        return status;
    }

    public String sentence() {
        return sentence;
    }
}
