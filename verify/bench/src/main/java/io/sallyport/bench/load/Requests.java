package io.sallyport.bench.load;

import java.nio.ByteBuffer;

/// Request heads as a browser writes them. Pure.
final class Requests {
    private Requests() {}

    static ByteBuffer keptAlive(Entry entry, Target target) {
        return get(entry, target, "Connection: keep-alive\r\n");
    }

    static ByteBuffer onlyOne(Entry entry, Target target) {
        return get(entry, target, "Connection: close\r\n");
    }

    static ByteBuffer upgrade(Entry entry, String key) {
        return get(
                entry,
                Target.ECHO,
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + "Sec-WebSocket-Key: "
                        + key + "\r\n");
    }

    private static ByteBuffer get(Entry entry, Target target, String connectionFields) {
        return Sockets.direct(Head.ascii("""
                GET %s HTTP/1.1\r
                Host: %s\r
                %sUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0\r
                Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
                Accept-Encoding: gzip, deflate, br, zstd\r
                Accept-Language: en-GB,en;q=0.9,de;q=0.8\r
                Cookie: session=3f2a9c4e7b1d8f60a5c3e2b4d6f80917; theme=dark; _xsrf=2|8f1c0a6b|4d7e9a1b2c3d4e5f\r
                Referer: https://%s/lab/tree/notebook.ipynb\r
                Sec-Ch-Ua: "Chromium";v="140", "Not=A?Brand";v="24"\r
                Sec-Fetch-Dest: empty\r
                Sec-Fetch-Mode: cors\r
                Sec-Fetch-Site: same-origin\r
                \r
                """.formatted(target.path(), entry.host(), connectionFields, entry.host())));
    }
}
