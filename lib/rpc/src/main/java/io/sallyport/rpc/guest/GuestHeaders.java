package io.sallyport.rpc.guest;

/// The headers of the guest daemon's door. Source: reference/sandbox-api.md §1.3.
public final class GuestHeaders {
    public static final String ACCESS_TOKEN = "X-Access-Token";
    public static final String SANDBOX_ID = "E2b-Sandbox-Id";
    public static final String SANDBOX_PORT = "E2b-Sandbox-Port";

    private GuestHeaders() {}
}
