package io.sallyport.egress.audit;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.rpc.egress.EgressRecord;

/// Collects what a record is to say. Everything that a sandbox may have chosen is cleaned here.
///
/// - **Threads**: one.
public final class Draft {
    /// The rule of what no policy decides about: the gateway's own hosts.
    public static final String CANARY = "canary";

    private static final int NAME_MAX = 64;

    /// Of the names of a request's credentials, each with a comma: more than any request has.
    private static final int CREDENTIALS_MAX = 16 * (NAME_MAX + 1);

    private static final int RULE_MAX = 300;

    private final String sandbox;
    private final String event;
    private String scheme = "";
    private String host = "";
    private int port;
    private String address = "";
    private String method = "";
    private String path = "";
    private String decision = "";
    private String reason = "";
    private boolean nothingGotOut;
    private String rule = "";
    private String credential = "";
    private long bytesOut;
    private long bytesIn;
    private int status;
    private String trace = "";

    private Draft(String sandbox, String event) {
        this.sandbox = sandbox;
        this.event = event;
    }

    /// The decision about a tunnel.
    public static Draft connect(SandboxId sandbox) {
        return new Draft(sandbox.text(), "connect");
    }

    /// The decision about an intercepted request, before anything of it goes on.
    public static Draft request(SandboxId sandbox) {
        return new Draft(sandbox.text(), "request");
    }

    /// How an intercepted request ended that was allowed.
    public static Draft response(SandboxId sandbox) {
        return new Draft(sandbox.text(), "response");
    }

    /// How a tunnel ended.
    public static Draft end(SandboxId sandbox) {
        return new Draft(sandbox.text(), "end");
    }

    /// The decision about a name that was asked for.
    public static Draft name(SandboxId sandbox) {
        return new Draft(sandbox.text(), "name");
    }

    public Draft target(String toScheme, String toHost, int toPort) {
        scheme = Clean.text(toScheme, Clean.METHOD_MAX);
        host = Clean.text(toHost, Clean.HOST_MAX);
        port = toPort;
        return this;
    }

    public Draft address(String dialled) {
        address = dialled;
        return this;
    }

    public Draft request(String itsMethod, String itsPath) {
        method = Clean.text(itsMethod, Clean.METHOD_MAX);
        path = Clean.path(itsPath);
        return this;
    }

    public Draft allowed(String byRule) {
        decision = EgressRecord.ALLOWED;
        rule = Clean.text(byRule, RULE_MAX);
        return this;
    }

    public Draft refused(EgressReason why, String byRule) {
        decision = EgressRecord.REFUSED;
        reason = why.id();
        nothingGotOut = switch (why) {
            case CREDENTIAL_MISUSED, POLICY_TIGHTENED -> false; // maybe found out in the middle
            case BAD_REQUEST -> !event.equals("request"); // whose head was good
            default -> why.fault() != EgressReason.Fault.OUTSIDE; // which was allowed, and then failed
        };
        rule = Clean.text(byRule, RULE_MAX);
        return this;
    }

    /// The credentials that were put in, or misused.
    ///
    /// @param names of credentials, never their values, with commas between them; empty for none
    public Draft credential(String names) {
        credential = Clean.text(names, CREDENTIALS_MAX);
        return this;
    }

    public Draft bytes(long out, long in) {
        bytesOut = out;
        bytesIn = in;
        return this;
    }

    public Draft status(int ofTheAnswer) {
        status = ofTheAnswer;
        return this;
    }

    public Draft trace(String traceparent) {
        trace = Clean.text(traceparent, NAME_MAX);
        return this;
    }

    /// The log's own remark that a line before this place was cut off.
    static Draft torn() {
        return new Draft("", "log").allowed("a line that was cut off has been taken away");
    }

    /// Says that records of a sandbox were counted and not written.
    static Draft counted(String sandbox, long records) {
        return new Draft(sandbox, "log").refused(EgressReason.LIMIT, records + " more refused, canary or name records");
    }

    String sandbox() {
        return sandbox;
    }

    /// Whether a sandbox can cause as many of them as it likes, and nothing gets out of it by what they say. The end
    /// of a tunnel is not among them, nor is a failure outside: there was a decision to let it go.
    boolean isCheap() {
        return switch (event) {
            case "name" -> true;
            case "response", "end", "log" -> false;
            default -> nothingGotOut || rule.equals(CANARY);
        };
    }

    /// The record at its place in the log, with everything but its hash.
    EgressRecord placed(String time, long seq, String prev) {
        return new EgressRecord(
                time,
                seq,
                sandbox,
                event,
                scheme,
                host,
                port,
                address,
                method,
                path,
                decision,
                reason,
                rule,
                credential,
                bytesOut,
                bytesIn,
                status,
                trace,
                prev,
                "");
    }
}
