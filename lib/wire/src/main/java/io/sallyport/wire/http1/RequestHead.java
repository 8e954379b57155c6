package io.sallyport.wire.http1;

/// A request line and its headers. The target is byte-exact; our own messages are always HTTP/1.1.
public record RequestHead(String method, String target, HttpVersion version, Headers headers) {
    public static RequestHead of(String method, String target, Headers headers) {
        return new RequestHead(method, target, HttpVersion.HTTP_1_1, headers);
    }

    public RequestHead withHeaders(Headers replaced) {
        return new RequestHead(method, target, version, replaced);
    }

    /// The target up to the query, undecoded.
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// What follows the first `?`, undecoded; empty where there is none.
    public String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /// Whether the sender asks to leave HTTP on this connection.
    public boolean wantsUpgrade() {
        return version == HttpVersion.HTTP_1_1 && headers.lists("Connection", "upgrade") && headers.has("Upgrade");
    }

    /// Whether the sender means to send another request on this connection.
    public boolean keepsAlive() {
        return version == HttpVersion.HTTP_1_1
                ? !headers.lists("Connection", "close")
                : headers.lists("Connection", "keep-alive");
    }
}
