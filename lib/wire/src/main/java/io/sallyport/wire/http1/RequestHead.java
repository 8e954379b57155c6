package io.sallyport.wire.http1;

/// A request line and its headers. The target is byte-exact; our own messages are always HTTP/1.1.
public record RequestHead(String method, String target, HttpVersion version, Headers headers) {
    public static RequestHead of(String method, String target, Headers headers) {
        return new RequestHead(method, target, HttpVersion.HTTP_1_1, headers);
    }

    public RequestHead withHeaders(Headers replaced) {
        return new RequestHead(method, target, version, replaced);
    }

    /// The target as it is sent to an origin server: path and query byte for byte, or `*`. An absolute target loses its
    /// scheme and host.
    ///
    /// @spec https://www.rfc-editor.org/info/rfc9112 RFC 9112 §3.2
    public String originForm() {
        int authority = target.indexOf("://");
        if (target.startsWith("/") || authority < 0) {
            return target;
        }
        int path = authority + 3;
        while (path < target.length() && target.charAt(path) != '/' && target.charAt(path) != '?') {
            path++;
        }
        if (path == target.length() && method.equals("OPTIONS")) {
            return "*";
        }
        return path < target.length() && target.charAt(path) == '/'
                ? target.substring(path)
                : "/" + target.substring(path);
    }

    /// The path up to the query, undecoded.
    public String path() {
        var origin = originForm();
        int query = origin.indexOf('?');
        return query < 0 ? origin : origin.substring(0, query);
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

    /// Whether another request may follow on this connection. Not with HTTP/1.0, whose keep-alive was never specified.
    public boolean keepsAlive() {
        return version == HttpVersion.HTTP_1_1 && !headers.lists("Connection", "close");
    }
}
