package io.sallyport.guest.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.http1.BadMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MultipartTest {
    @Test
    void keepsTheDirectoriesOfAFileName() throws IOException {
        var parts = parts("""
                preamble\r
                --b\r
                Content-Disposition: form-data; name="file"; filename="/home/user/dir/a b.txt"\r
                Content-Type: text/plain\r
                \r
                one\r
                --b  \r
                content-disposition: form-data; filename=two.txt; name=other\r
                \r
                \r
                --b--\r
                epilogue""");
        assertTrue(parts.next());
        assertEquals("file", parts.name());
        assertEquals("/home/user/dir/a b.txt", parts.filename());
        assertEquals("one", text(parts));
        assertTrue(parts.next());
        assertEquals("other", parts.name());
        assertEquals("two.txt", parts.filename());
        assertEquals("", text(parts));
        assertFalse(parts.next());
        assertFalse(parts.next());
    }

    @Test
    void skipsContentNobodyReads() throws IOException {
        var parts = parts(
                "--b\r\n\r\n" + "x".repeat(200_000) + "\r\n--b\r\nContent-Disposition: a; name=n\r\n\r\ny\r\n--b--");
        assertTrue(parts.next());
        assertTrue(parts.next());
        assertEquals("n", parts.name());
        assertEquals("y", text(parts));
    }

    @Test
    void everyContentComesThroughWhateverTheReadsAre() throws IOException {
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            var content = new byte[random.nextInt(150_000)];
            random.nextBytes(content);
            for (int i = random.nextInt(20); i > 0 && content.length > 10; i--) {
                // Almost the delimiter, again and again.
                var near = "\r\n--bound".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(near, 0, content, random.nextInt(content.length - near.length + 1), near.length);
            }
            var body = new ByteArrayOutputStream();
            body.writeBytes("--boundary\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(content);
            body.writeBytes("\r\n--boundary--\r\n".getBytes(StandardCharsets.US_ASCII));
            var parts = new Multipart(dripping(body.toByteArray(), 1 + random.nextInt(5000)), "boundary");
            assertTrue(parts.next());
            assertArrayEquals(content, parts.content().readAllBytes());
            assertFalse(parts.next());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b",
                "--b\r\n",
                "--b\r\nContent-Disposition: x\r\n",
                "--b\r\n\r\nno end",
                "--b\r\n\r\nno end\r\n--",
                "--bx\r\n\r\n\r\n--b--",
            })
    void refusesBodiesThatAreCutOff(String body) {
        assertThrows(BadMessageException.class, () -> {
            var parts = parts(body);
            while (parts.next()) {
                parts.content().readAllBytes();
            }
        });
    }

    @Test
    void needsABoundary() throws IOException {
        assertEquals("a=b", Multipart.boundary("multipart/form-data; charset=x; boundary=\"a=b\""));
        assertEquals("x", Multipart.boundary("multipart/form-data;boundary=x"));
        assertThrows(BadMessageException.class, () -> Multipart.boundary("multipart/form-data"));
        assertThrows(
                BadMessageException.class, () -> Multipart.boundary("multipart/form-data; boundary=" + "a".repeat(71)));
    }

    private static Multipart parts(String body) {
        return new Multipart(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), "b");
    }

    private static String text(Multipart parts) throws IOException {
        return new String(parts.content().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// A stream that gives at most `most` bytes a read.
    private static InputStream dripping(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, most));
            }
        };
    }
}
