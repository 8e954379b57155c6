package io.sallyport.rpc.route;

/// The answer to a [Credential].
///
/// @param untilEpochSeconds when a credential that opens ends by itself; zero: never
public record Opening(boolean open, long untilEpochSeconds) {
    public static final Opening CLOSED = new Opening(false, 0);
}
