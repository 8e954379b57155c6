package io.sallyport.rpc.egress;

/// A secret in the clear, on its way to the egress gateway; never further.
///
/// @param placeholder what stands for it inside the sandbox
/// @param host the one exact host it is for
/// @param scheme `https`, or `http` where somebody wanted that
public record BoundSecret(String name, String value, String placeholder, String host, String scheme, int port) {
    @Override
    public String toString() {
        return "BoundSecret[" + name + ", " + scheme + "://" + host + ":" + port + "]";
    }
}
