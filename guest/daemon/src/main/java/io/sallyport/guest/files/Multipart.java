package io.sallyport.guest.files;

import io.sallyport.wire.http1.BadMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Reads `multipart/form-data` part by part, streaming. A file name keeps its directories.
///
/// - **Threads**: one at a time. The content of a part ends when [#next()] is called.
/// - **Limits**: [#BUFFER_BYTES], which holds a part's headers and the longest delimiter.
///
/// @spec https://www.rfc-editor.org/info/rfc7578 RFC 7578
/// @spec https://www.rfc-editor.org/info/rfc2046 RFC 2046 §5.1
final class Multipart {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int BOUNDARY_CHARS_MAX = 70;
    private static final int HEADERS_BYTES_MAX = 8 << 10;

    private final InputStream from;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    private boolean finished;
    private String name = "";
    private String filename = "";

    Multipart(InputStream from, String boundary) {
        this.from = from;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter has no line before it; with one put there all are alike.
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
    }

    /// The boundary a content type states.
    static String boundary(String contentType) throws BadMessageException {
        var boundary = parameter(contentType, "boundary");
        if (boundary.isEmpty() || boundary.length() > BOUNDARY_CHARS_MAX) {
            throw new BadMessageException(
                    400, "multipart without a boundary of 1 to " + BOUNDARY_CHARS_MAX + " characters");
        }
        return boundary;
    }

    /// Goes to the next part; false when there is none.
    boolean next() throws IOException {
        if (finished) {
            return false;
        }
        content().skip(Long.MAX_VALUE); // what is left of the part before, or the preamble
        at += delimiter.length;
        need(2);
        if (buffer[at] == '-' && buffer[at + 1] == '-') {
            finished = true;
            return false;
        }
        readHeaders();
        return true;
    }

    /// The form field's name.
    String name() {
        return name;
    }

    /// The file name as it was sent, directories included; empty where there is none.
    String filename() {
        return filename;
    }

    /// The bytes of the part at hand.
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int clear = clearBytes();
                if (clear == 0) {
                    return -1;
                }
                int n = Math.min(length, clear);
                System.arraycopy(buffer, at, into, offset, n);
                at += n;
                return n;
            }
        };
    }

    /// How many buffered bytes surely belong to the part; 0 when the delimiter comes next. Reads until it can tell.
    private int clearBytes() throws IOException {
        while (true) {
            for (int i = at; i < limit; i++) {
                if (buffer[i] != '\r') {
                    continue;
                }
                int compared = Math.min(delimiter.length, limit - i);
                if (Arrays.equals(buffer, i, i + compared, delimiter, 0, compared)) {
                    if (i > at) {
                        return i - at;
                    }
                    if (compared == delimiter.length) {
                        return 0;
                    }
                    fill();
                    i = at - 1;
                }
            }
            if (limit > at) {
                return limit - at;
            }
            fill();
        }
    }

    private void readHeaders() throws IOException {
        name = "";
        filename = "";
        skipLine();
        int total = 0;
        for (var line = readLine(); !line.isEmpty(); line = readLine()) {
            total += line.length();
            if (total > HEADERS_BYTES_MAX) {
                throw new BadMessageException(400, "the headers of a part are longer than " + HEADERS_BYTES_MAX);
            }
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                name = parameter(line, "name");
                filename = parameter(line, "filename");
            }
        }
    }

    /// The rest of a delimiter line: padding.
    private void skipLine() throws IOException {
        if (!readLine().isBlank()) {
            throw new BadMessageException(400, "a multipart delimiter is followed by text");
        }
    }

    private String readLine() throws IOException {
        int scanned = at;
        while (true) {
            for (; scanned + 1 < limit; scanned++) {
                if (buffer[scanned] == '\r' && buffer[scanned + 1] == '\n') {
                    var line = new String(buffer, at, scanned - at, StandardCharsets.UTF_8);
                    at = scanned + 2;
                    return line;
                }
            }
            if (scanned - at > HEADERS_BYTES_MAX) {
                throw new BadMessageException(400, "a line of a part's headers is longer than " + HEADERS_BYTES_MAX);
            }
            int before = at;
            fill();
            scanned -= before - at;
        }
    }

    private void need(int bytes) throws IOException {
        while (limit - at < bytes) {
            fill();
        }
    }

    private void fill() throws IOException {
        if (at > 0) {
            System.arraycopy(buffer, at, buffer, 0, limit - at);
            limit -= at;
            at = 0;
        }
        int n = from.read(buffer, limit, buffer.length - limit);
        if (n <= 0) {
            throw new BadMessageException(400, "the multipart body ends before its last delimiter");
        }
        limit += n;
    }

    /// A parameter of a header value, quoted or not, with the escapes browsers use.
    private static String parameter(String header, String wanted) {
        for (int i = header.indexOf(';'); i >= 0 && i < header.length(); ) {
            int equals = header.indexOf('=', i);
            if (equals < 0) {
                return "";
            }
            var key = header.substring(i + 1, equals).strip();
            var value = new StringBuilder();
            int v = equals + 1;
            if (v < header.length() && header.charAt(v) == '"') {
                for (v++; v < header.length() && header.charAt(v) != '"'; v++) {
                    boolean escape = header.charAt(v) == '\\'
                            && v + 1 < header.length()
                            && "\"\\".indexOf(header.charAt(v + 1)) >= 0;
                    value.append(header.charAt(escape ? ++v : v));
                }
                v++;
            } else {
                while (v < header.length() && header.charAt(v) != ';') {
                    value.append(header.charAt(v++));
                }
            }
            if (key.equalsIgnoreCase(wanted)) {
                return value.toString().strip().replace("%22", "\"");
            }
            i = header.indexOf(';', v);
        }
        return "";
    }
}
