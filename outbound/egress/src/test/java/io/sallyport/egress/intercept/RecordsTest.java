package io.sallyport.egress.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.intercept.RequestRecord.Moment;
import io.sallyport.rpc.egress.EgressReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// That no request gets out without a record, whatever the client does meanwhile.
final class RecordsTest extends WithRig {
    private static final String PLAIN = "GET /plain HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n";
    private static final String SOCKET =
            "GET /socket HTTP/1.1\r\nHost: api.example.com:443\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    /// The host answers when the client has broken off, so that nothing can be told it any more.
    @ParameterizedTest
    @CsvSource(textBlock = """
            /plain,  200, HTTP/1.1 200 OK|Content-Length: 5||
            /plain,  200, HTTP/1.1 200 OK|Content-Length: 5||hello
            /plain,  502, no HTTP at all||
            /socket, 101, HTTP/1.1 101 Go|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=||
            """)
    void aClientThatGoesAwayLeavesBothRecords(String path, int status, String answer) throws Exception {
        var gone = new CountDownLatch(1);
        var rig = rig("http", (head, in, out) -> {
            await(gone);
            out.write(answer.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        try (var client = rig.client()) {
            Rig.send(client, path.equals("/plain") ? PLAIN : SOCKET);
            assertEquals(path, rig.decision().path());
            client.setSoLinger(true, 0);
        }
        gone.countDown();

        var ended = rig.record();
        assertEquals(Moment.ENDED, ended.moment());
        assertEquals(path, ended.path());
        assertEquals(status, ended.status());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCannotBeWrittenDownDoesNotGoOn() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.breakAudit();
        for (var request : List.of(LAST, LAST.replace("GET", "TRACE"))) {
            var answer = rig.exchange(request);
            assertTrue(answer.startsWith("HTTP/1.1 503"), answer);
            assertTrue(answer.contains("Sallyport-Egress-Reason: audit_unavailable\r\n"), answer);
        }
        assertEquals(List.of(), rig.origin().heads);
    }

    @Test
    void aRefusedRequestHasOneRecord() throws Exception {
        var rig = rig(Origin.ok("ok"));
        rig.exchange(GET.replace("GET", "TRACE") + LAST);

        var refused = rig.record();
        assertEquals(Moment.DECIDED, refused.moment());
        assertEquals(405, refused.status());
        assertEquals(Optional.of(EgressReason.METHOD_NOT_ALLOWED), refused.reason());
        assertEquals("/last", rig.decision().path());
        assertEquals("/last", rig.record().path());
    }
}
