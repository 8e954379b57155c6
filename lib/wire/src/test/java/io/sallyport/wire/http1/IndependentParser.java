package io.sallyport.wire.http1;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A second reader of HTTP/1.1 requests, written from the grammar alone, to be compared with the engine.
///
/// It shares nothing with the engine on purpose: the whole input is there from the start, lines are found
/// first and then matched against the productions of the RFC as regular expressions.
///
/// @spec https://www.rfc-editor.org/info/rfc9112 RFC 9112 Appendix A (collected ABNF)
final class IndependentParser {
    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
    private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*+\"";
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(" + TOKEN + ") ([!-\"$-~\\x80-\\xff]+) HTTP/1\\.([01])");
    private static final Pattern FIELD_LINE =
            Pattern.compile("(" + TOKEN + "):[ \\t]*+((?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)[ \\t]*");
    private static final Pattern CHUNK_LINE = Pattern.compile("([0-9A-Fa-f]+)(?:[ \\t]*+;[ \\t]*+" + TOKEN
            + "(?:[ \\t]*+=[ \\t]*+(?:" + TOKEN + "|" + QUOTED + "))?+)*+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private final String input;
    private int at;

    IndependentParser(byte[] input) {
        this.input = new String(input, StandardCharsets.ISO_8859_1);
    }

    /// Bytes that are no request.
    static final class RejectedException extends Exception {
        private static final long serialVersionUID = 1L;

        RejectedException(String what) {
            super(what, null, false, false);
        }
    }

    record Field(String name, String value) {}

    record Request(String method, String target, List<Field> fields, String body, List<Field> trailers) {}

    /// All requests of the input, which must end behind the last.
    static List<Request> parse(byte[] input) throws RejectedException {
        var parser = new IndependentParser(input);
        var requests = new ArrayList<Request>();
        while (!parser.atEnd()) {
            requests.add(parser.next());
        }
        return requests;
    }

    boolean atEnd() {
        return at == input.length();
    }

    /// The request that starts where the last one ended.
    Request next() throws RejectedException {
        if (input.startsWith("\r\n", at)) {
            at += 2;
        }
        var start = match(REQUEST_LINE, line());
        boolean latest = start.group(3).equals("1");
        var fields = fields();
        var hosts = values(fields, "host");
        if (hosts.size() > 1 || (latest && hosts.isEmpty())) {
            throw new RejectedException(hosts.size() + " Host fields");
        }
        var lengths = values(fields, "content-length");
        var codings = values(fields, "transfer-encoding");
        String body = "";
        List<Field> trailers = List.of();
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty()
                    || !latest
                    || codings.size() > 1
                    || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new RejectedException("Transfer-Encoding " + codings + ", Content-Length " + lengths);
            }
            body = chunks();
            trailers = fields();
        } else if (!lengths.isEmpty()) {
            if (lengths.size() > 1) {
                throw new RejectedException("Content-Length " + lengths);
            }
            body = take(Long.parseLong(match(LENGTH, lengths.getFirst()).group()));
        }
        return new Request(start.group(1), start.group(2), fields, body, trailers);
    }

    private String chunks() throws RejectedException {
        var body = new StringBuilder();
        while (true) {
            var digits = match(CHUNK_LINE, line()).group(1);
            if (digits.length() > 15) {
                throw new RejectedException("chunk size " + digits);
            }
            long size = Long.parseLong(digits, 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(take(size));
            if (!line().isEmpty()) {
                throw new RejectedException("no CRLF behind a chunk");
            }
        }
    }

    private List<Field> fields() throws RejectedException {
        var fields = new ArrayList<Field>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var field = match(FIELD_LINE, line);
            fields.add(new Field(field.group(1), field.group(2)));
        }
        return fields;
    }

    private static List<String> values(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /// Up to the next CRLF. A CR or LF that stands alone stays in the line, where no production allows it.
    private String line() throws RejectedException {
        int end = input.indexOf("\r\n", at);
        if (end < 0) {
            throw new RejectedException("a line does not end");
        }
        var line = input.substring(at, end);
        at = end + 2;
        return line;
    }

    private String take(long count) throws RejectedException {
        if (count > input.length() - at) {
            throw new RejectedException("a body does not end");
        }
        var taken = input.substring(at, at + (int) count);
        at += (int) count;
        return taken;
    }

    private static Matcher match(Pattern production, String text) throws RejectedException {
        var matcher = production.matcher(text);
        if (!matcher.matches()) {
            throw new RejectedException("\"" + text + "\" does not match " + production);
        }
        return matcher;
    }
}
