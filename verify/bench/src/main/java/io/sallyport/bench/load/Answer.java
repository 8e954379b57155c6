package io.sallyport.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// What the backend says to a [Target].
///
/// @param requestStart how it is asked for
/// @param start the head, and the body where that is small
/// @param bytesBehind the body where it is large
record Answer(Target target, byte[] requestStart, ByteBuffer start, long bytesBehind) {
    private static final int SMALL_BYTES_MAX = 1024;
    private static final List<Answer> ALL =
            Arrays.stream(Target.values()).map(Answer::of).toList();

    /// The answer to a request.
    static Answer to(Head request) throws IOException {
        for (var answer : ALL) {
            if (request.startsWith(answer.requestStart)) {
                return answer;
            }
        }
        throw new IOException("unknown request: " + request.firstLine());
    }

    private static Answer of(Target target) {
        boolean small = target.bodyBytes() <= SMALL_BYTES_MAX;
        var start = Head.ascii("""
                HTTP/1.1 200 OK\r
                Server: backend\r
                Date: Thu, 01 Jan 2026 00:00:00 GMT\r
                Content-Type: application/octet-stream\r
                Content-Length: %d\r
                Cache-Control: no-cache\r
                ETag: "5f3c-1a2b3c4d"\r
                \r
                %s""".formatted(target.bodyBytes(), small ? "x".repeat((int) target.bodyBytes()) : ""));
        return new Answer(
                target,
                Head.ascii("GET " + target.path() + " "),
                Sockets.direct(start),
                small ? 0 : target.bodyBytes());
    }
}
