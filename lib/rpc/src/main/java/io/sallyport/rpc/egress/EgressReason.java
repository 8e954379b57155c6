package io.sallyport.rpc.egress;

import java.util.Locale;

/// Why something did not get out. One table, from which the answer to CONNECT, what DNS says, the audit line and
/// the command line are all derived, so that a denial can be told from an outage everywhere.
public enum EgressReason {
    BAD_REQUEST(400, Fault.CLIENT, "the request is no valid HTTP"),
    BAD_TARGET(400, Fault.CLIENT, "the target is no canonical host and port"),
    UNAUTHENTICATED(407, Fault.CLIENT, "the session token does not belong to this sandbox, or has ended"),
    EGRESS_OFF(403, Fault.POLICY, "this sandbox has no way out"),
    HOST_NOT_ALLOWED(403, Fault.POLICY, "no rule allows this host"),
    HOST_DENIED(403, Fault.POLICY, "a rule denies this host"),
    PORT_NOT_ALLOWED(403, Fault.POLICY, "the host is allowed, but not on this port"),
    SCHEME_NOT_ALLOWED(403, Fault.POLICY, "the host is allowed, but not by this protocol"),
    METHOD_NOT_ALLOWED(403, Fault.POLICY, "the host is allowed, but not this method and path"),
    ADDRESS_BLOCKED(403, Fault.POLICY, "the address is private or special, and those are never reached"),
    SNI_MISMATCH(403, Fault.POLICY, "the TLS client asks for another name than CONNECT did"),
    SNI_MISSING(403, Fault.POLICY, "the TLS client names no host"),
    NOT_TLS(403, Fault.POLICY, "TLS was expected on this connection"),
    UPGRADE_REFUSED(403, Fault.POLICY, "this protocol upgrade is not looked into and therefore refused"),
    CREDENTIAL_MISUSED(403, Fault.POLICY, "a credential's placeholder stands where it may not be used"),
    POLICY_TIGHTENED(403, Fault.POLICY, "the policy changed and no longer allows this"),
    HOST_MISMATCH(421, Fault.POLICY, "the Host header names another host than the connection"),
    LIMIT(429, Fault.POLICY, "a limit of this sandbox is reached"),
    DNS_NO_SUCH_NAME(502, Fault.OUTSIDE, "the name does not exist"),
    DNS_FAILED(502, Fault.OUTSIDE, "the name cannot be resolved now"),
    CONNECT_FAILED(502, Fault.OUTSIDE, "the host does not accept the connection"),
    CONNECT_TIMEOUT(504, Fault.OUTSIDE, "the host does not answer"),
    UPSTREAM_TLS(502, Fault.OUTSIDE, "the host's certificate or TLS is not acceptable"),
    UPSTREAM_BROKEN(502, Fault.OUTSIDE, "the host broke the exchange"),
    PROXY_FAILED(502, Fault.OUTSIDE, "the upstream proxy does not let it through"),
    POLICY_UNAVAILABLE(503, Fault.OURS, "the policy cannot be read now"),
    AUDIT_UNAVAILABLE(503, Fault.OURS, "the audit log cannot be written now");

    /// The header that carries the reason in an answer of ours.
    public static final String HEADER = "Sallyport-Egress-Reason";

    /// Whose fault it is.
    public enum Fault {
        CLIENT,
        /// A denial: asking again does not help. [#LIMIT] alone can pass by itself, see [#retryable()].
        POLICY,
        /// An outage outside.
        OUTSIDE,
        /// An outage of ours.
        OURS
    }

    private final int status;
    private final Fault fault;
    private final String sentence;

    EgressReason(int status, Fault fault, String sentence) {
        this.status = status;
        this.fault = fault;
        this.sentence = sentence;
    }

    /// As it is written everywhere: `host_not_allowed`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int status() {
        return status;
    }

    public Fault fault() {
        return fault;
    }

    public String sentence() {
        return sentence;
    }

    /// Whether asking again later can help.
    public boolean retryable() {
        return fault == Fault.OUTSIDE || fault == Fault.OURS || this == LIMIT;
    }
}
