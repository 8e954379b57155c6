package io.sallyport.testbed;

import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/// A client that puts exactly the given bytes on the wire, and reads what comes without the help of what is tested.
record Http(InetSocketAddress address) {
    private static final int WAIT_MS = 60_000;

    /// A whole answer: `head` as it came, the body unchunked.
    record Answer(int status, String head, String body) {
        /// The first value of a header, empty where there is none.
        String header(String name) {
            for (var line : head.split("\r\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                    return line.substring(colon + 1).strip();
                }
            }
            return "";
        }

        /// A member of a JSON object, which must be a string or a number.
        String json(String member) {
            var matcher = Pattern.compile("\"" + member + "\":(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|(-?[0-9]+))")
                    .matcher(body);
            if (!matcher.find()) {
                throw new AssertionError("no member " + member + " in " + this);
            }
            return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        }

        <T extends Record> T as(Class<T> type) {
            try {
                return RecordJson.read(body.getBytes(StandardCharsets.UTF_8), type);
            } catch (JsonException e) {
                throw new AssertionError(this + ": " + e.getMessage(), e);
            }
        }
    }

    Answer get(String host, String target) {
        return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    /// Sends a request and reads one answer.
    Answer send(String request) {
        try (var socket = open()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket.getInputStream(), request.startsWith("HEAD "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Socket open() throws IOException {
        var socket = new Socket();
        socket.connect(address, WAIT_MS);
        socket.setSoTimeout(WAIT_MS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    static Answer read(InputStream in, boolean head) throws IOException {
        var text = readHead(in);
        int status = text.length() > 12 ? Integer.parseInt(text.substring(9, 12)) : 0;
        var answer = new Answer(status, text, "");
        if (head || status == 204 || status == 304 || status < 200) {
            return answer;
        }
        var body = new ByteArrayOutputStream();
        if (answer.header("Transfer-Encoding").toLowerCase(Locale.ROOT).equals("chunked")) {
            int size;
            do {
                size = Integer.parseInt(readLine(in), 16);
                body.writeBytes(in.readNBytes(size));
                readLine(in);
            } while (size > 0);
        } else if (!answer.header("Content-Length").isEmpty()) {
            body.writeBytes(in.readNBytes(Integer.parseInt(answer.header("Content-Length"))));
        } else {
            body.writeBytes(in.readAllBytes());
        }
        return new Answer(status, text, body.toString(StandardCharsets.UTF_8));
    }

    /// A head, up to and without its empty line.
    static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (var line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            head.append(line).append("\r\n");
        }
        return head.toString();
    }

    static String readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) >= 0 && b != '\n') {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
