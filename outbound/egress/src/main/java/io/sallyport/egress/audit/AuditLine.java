package io.sallyport.egress.audit;

import io.sallyport.rpc.egress.EgressRecord;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// A record as a line of the log. Pure.
///
/// A line is a record's JSON, whose last two members are `prev`, the hash of the line before, and `hash`: SHA-256
/// over the line as it is with an empty hash. So a line that is changed, left out or put elsewhere does not fit
/// its neighbours.
final class AuditLine {
    private static final byte[] OPEN = "\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_CHARS = 64;

    private AuditLine() {}

    /// A line that is ready to be written.
    ///
    /// @param bytes with the line's end
    record Sealed(byte[] bytes, String hash) {}

    /// The line of a record.
    ///
    /// @param open a record with an empty hash
    static Sealed seal(EgressRecord open) {
        byte[] json = RecordJson.write(open);
        var hash = sha256(json);
        int cut = json.length - CLOSE.length;
        byte[] bytes = Arrays.copyOf(json, json.length + HASH_CHARS + 1);
        System.arraycopy(hash.getBytes(StandardCharsets.US_ASCII), 0, bytes, cut, HASH_CHARS);
        System.arraycopy(CLOSE, 0, bytes, cut + HASH_CHARS, CLOSE.length);
        bytes[bytes.length - 1] = '\n';
        return new Sealed(bytes, hash);
    }

    /// The record of a line without its end; empty where the line is not what was written.
    static Optional<EgressRecord> read(byte[] line) {
        int hashAt = line.length - CLOSE.length - HASH_CHARS;
        if (hashAt < OPEN.length
                || !Arrays.equals(line, hashAt - OPEN.length, hashAt, OPEN, 0, OPEN.length)
                || !Arrays.equals(line, line.length - CLOSE.length, line.length, CLOSE, 0, CLOSE.length)) {
            return Optional.empty();
        }
        byte[] open = Arrays.copyOf(line, hashAt + CLOSE.length);
        System.arraycopy(CLOSE, 0, open, hashAt, CLOSE.length);
        var hash = new String(line, hashAt, HASH_CHARS, StandardCharsets.US_ASCII);
        if (!sha256(open).equals(hash)) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordJson.read(line, EgressRecord.class));
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
