package io.sallyport.wire.http1;

import java.util.Arrays;

/// A status line and its headers.
public record ResponseHead(int status, String reason, HttpVersion version, Headers headers) {
    public static ResponseHead of(int status, Headers headers) {
        return new ResponseHead(status, reasonOf(status), HttpVersion.HTTP_1_1, headers);
    }

    public ResponseHead withHeaders(Headers replaced) {
        return new ResponseHead(status, reason, version, replaced);
    }

    /// The bytes of a whole answer that is the last on its connection.
    public byte[] last(byte[] body) {
        byte[] head =
                HeadWriter.response(withHeaders(headers.with("Connection", "close")), new Framing.Length(body.length));
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    /// 1xx except 101, which ends the exchange.
    public boolean interim() {
        return status >= 100 && status < 200 && status != 101;
    }

    private static String reasonOf(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 200 -> "OK";
            case 201 -> "Created";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 407 -> "Proxy Authentication Required";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            case 507 -> "Insufficient Storage";
            default -> "";
        };
    }
}
