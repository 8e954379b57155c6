package io.sallyport.bench.load;

import java.net.InetSocketAddress;

/// Where the load goes in.
///
/// @param address of the proxy
/// @param host what the proxy finds the way by
public record Entry(InetSocketAddress address, String host) {}
