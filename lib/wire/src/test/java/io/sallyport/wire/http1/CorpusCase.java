package io.sallyport.wire.http1;

import io.sallyport.wire.testing.MemoryConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// One case of the corpus: bytes, and what must become of them.
///
/// @param responseTo the method of the request that the bytes answer; empty when they are requests
/// @param bytes as ISO-8859-1
record CorpusCase(
        String file,
        String name,
        Optional<String> responseTo,
        String rfc,
        Verdict verdict,
        List<Expected> messages,
        int left,
        String bytes) {
    /// One message that must be read.
    ///
    /// @param summary as [Message#summary()]
    /// @param headers `name: value` lines, all of which must be there
    /// @param trailers `name: value` lines, which must be all there are
    record Expected(String summary, List<String> headers, List<String> trailers) {}

    /// What the engine makes of the bytes.
    ///
    /// @param readMax the most bytes that one read of the connection gives
    Reading read(int readMax) throws IOException {
        var raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        var connection = new MemoryConnection(raw, raw.length, readMax);
        var reader = new EngineReader(HttpLimits.DEFAULT);
        return responseTo.isPresent() ? reader.responses(connection, responseTo.get()) : reader.requests(connection);
    }

    @Override
    public String toString() {
        return file + ": " + name;
    }
}
