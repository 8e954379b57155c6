package io.sallyport.gateway.page;

/// How refusals are worded on the ports of a domain.
public enum Dialect {
    /// By the table of [Outcome].
    STANDARD,
    /// As E2B's proxy does, because E2B's clients read it. Port 49983 always speaks so.
    E2B
}
