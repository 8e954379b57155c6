package io.sallyport.bench.load;

/// What can be asked of the backend.
public enum Target {
    SMALL("/small", 64),
    MIB_1("/mib1", 1 << 20),
    MIB_100("/mib100", 100 << 20),
    /// A WebSocket.
    ECHO("/echo", 0);

    private final String path;
    private final long bodyBytes;

    Target(String path, long bodyBytes) {
        this.path = path;
        this.bodyBytes = bodyBytes;
    }

    String path() {
        return path;
    }

    long bodyBytes() {
        return bodyBytes;
    }
}
