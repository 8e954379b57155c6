package io.sallyport.testbed;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A client of `bulk.py`, which sends and takes bodies of many MiB.
final class Bulk {
    private static final int MIB = 1 << 20;
    private static final byte[] PIECE = piece();

    private Bulk() {}

    /// Sends so many MiB and gives the SHA-256 that the app says.
    static String upload(Http http, String host, int mebibytes) throws IOException {
        try (var client = http.open()) {
            var out = client.getOutputStream();
            out.write(("PUT / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + ((long) mebibytes * MIB)
                            + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < mebibytes; i++) {
                out.write(PIECE);
            }
            return Http.read(client.getInputStream(), false).body();
        }
    }

    /// Receives so many MiB and gives their SHA-256.
    static String download(Http http, String host, int mebibytes) throws IOException {
        try (var download = new Download(http, host, mebibytes)) {
            return download.finish();
        }
    }

    /// A download that goes on only when it is read.
    static final class Download implements Closeable {
        private final Socket client;
        private final MessageDigest digest = sha256();
        private final byte[] buffer = new byte[MIB];
        private long left;

        Download(Http http, String host, int mebibytes) throws IOException {
            client = http.open();
            client.getOutputStream()
                    .write(("GET /" + mebibytes + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            left = (long) mebibytes * MIB;
            var head = Http.readHead(client.getInputStream());
            if (!head.contains("Content-Length: " + left)) {
                throw new AssertionError(head);
            }
        }

        /// Reads at most so many bytes and one buffer; less only where the answer ends or is cut.
        Download read(long bytes) throws IOException {
            long until = Math.max(0, left - bytes);
            int n;
            while (left > until && (n = readSome()) >= 0) {
                digest.update(buffer, 0, n);
                left -= n;
            }
            return this;
        }

        private int readSome() throws IOException {
            try {
                return client.getInputStream().read(buffer, 0, (int) Math.min(left, MIB));
            } catch (SocketException e) {
                return -1;
            }
        }

        /// Reads what is left and gives the SHA-256 of all; an error where it is cut.
        String finish() throws IOException {
            if (read(left).left > 0) {
                throw new EOFException(left + " bytes were not sent");
            }
            return HexFormat.of().formatHex(digest.digest());
        }

        /// Reads to the end and gives how many bytes are missing.
        long missing() throws IOException {
            return read(left).left;
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /// The SHA-256 of so many MiB.
    static String sha256(int mebibytes) {
        var digest = sha256();
        for (int i = 0; i < mebibytes; i++) {
            digest.update(PIECE);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The same bytes as `bulk.py` sends.
    private static byte[] piece() {
        var bytes = new byte[MIB];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31L % 251);
        }
        return bytes;
    }
}
