package io.sallyport.cli;

import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// A file of a sandbox, streamed to this machine. The target appears when it is whole.
final class FileDownload {
    private static final int ERROR_BYTES_MAX = 64 << 10;

    private FileDownload() {}

    static void run(Guest guest, String requestTarget, Path target) throws IOException {
        var settings = guest.api().settings();
        try (var connection = Wire.dial(settings)) {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            http.send(RequestHead.of("GET", requestTarget, guest.headers().with("Connection", "close")), Framing.NONE)
                    .close();
            var head = http.readHead();
            var body = http.body(Framing.of(head, "GET"));
            if (head.status() != 200) {
                throw new CliException(
                        ExitCode.REFUSED, ApiClient.failure(head.status(), body.readNBytes(ERROR_BYTES_MAX)));
            }
            if (Files.exists(target) && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
                // A device, a pipe or a link: written to, and not replaced.
                try (var out = Files.newOutputStream(target)) {
                    body.transferTo(out);
                }
                return;
            }
            var partial = Path.of(target + "." + UUID.randomUUID() + ".partial");
            try {
                Files.copy(body, partial, StandardCopyOption.REPLACE_EXISTING);
                Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
        }
    }
}
