package io.sallyport.wire.http1;

/// The sizes beyond which a message is refused.
///
/// @param startLineBytesMax request line or status line, without its CRLF; beyond: 414
/// @param headBytesMax the whole head with its last empty line; beyond: 431
/// @param headersMax header fields; beyond: 431
/// @param chunkLineBytesMax one chunk-size line with its extension
/// @param trailersBytesMax the trailer section of a chunked body
public record HttpLimits(
        int startLineBytesMax, int headBytesMax, int headersMax, int chunkLineBytesMax, int trailersBytesMax) {
    public static final HttpLimits DEFAULT = new HttpLimits(16 << 10, 64 << 10, 128, 1 << 10, 8 << 10);
}
