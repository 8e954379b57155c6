package io.sallyport.wire.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one file of the corpus, whose format its README tells. Refuses whatever is not written so.
final class CorpusFile {
    private static final String RFC = "RFC [0-9]{4} §[0-9]+(\\.[0-9]+)*";

    private final String file;
    private final String[] lines;
    private int at;

    private CorpusFile(String file, String content) {
        this.file = file;
        this.lines = content.split("\n", -1);
    }

    static List<CorpusCase> read(String file, String content) {
        return new CorpusFile(file, content).cases();
    }

    private List<CorpusCase> cases() {
        var cases = new ArrayList<CorpusCase>();
        while (true) {
            while (at < lines.length && (lines[at].isEmpty() || lines[at].startsWith("#"))) {
                at++;
            }
            if (at == lines.length) {
                return cases;
            }
            try {
                cases.add(next());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + (at + 1) + ": " + e.getMessage(), e);
            }
        }
    }

    private CorpusCase next() {
        var name = required("case", "[a-z0-9]+(-[a-z0-9]+)*");
        var direction = required("direction", "request|response to [A-Z]+");
        var rfc = required("rfc", RFC);
        required("why", ".+");
        var verdict = Verdict.parse(required("expect", ".+"));
        var messages = new ArrayList<CorpusCase.Expected>();
        for (var message = optional("message"); message.isPresent(); message = optional("message")) {
            messages.add(new CorpusCase.Expected(message.get(), every("header"), every("trailer")));
        }
        int left = optional("left").map(Integer::parseInt).orElse(0);
        var bytes = raw();
        var responseTo = direction.equals("request")
                ? Optional.<String>empty()
                : Optional.of(direction.substring("response to ".length()));
        checkVerdict(verdict, messages.size(), responseTo.isPresent());
        return new CorpusCase(file, name, responseTo, rfc, verdict, List.copyOf(messages), left, bytes);
    }

    /// A status is what a server answers; and a client that has accepted has read something.
    private static void checkVerdict(Verdict verdict, int messages, boolean response) {
        boolean status = verdict != verdict.withoutStatus();
        if (response ? status || (verdict == Verdict.ACCEPT && messages == 0) : verdict == Verdict.REFUSE) {
            throw new IllegalArgumentException(
                    "\"" + verdict.text() + "\" with " + messages + " messages does not suit the direction");
        }
    }

    private String raw() {
        var bytes = new StringBuilder();
        int first = at;
        while (at < lines.length && lines[at].startsWith(">")) {
            var line = lines[at];
            if (line.length() == 2 || line.endsWith(" ") || (line.length() > 2 && line.charAt(1) != ' ')) {
                throw new IllegalArgumentException("\"" + line + "\" (expected: \"> \" and bytes, the last no space)");
            }
            bytes.append(Notation.read(line.length() == 1 ? "" : line.substring(2)));
            at++;
        }
        if (at == first || (at < lines.length && !lines[at].isEmpty())) {
            throw new IllegalArgumentException("expected: lines that start with \"> \", then an empty one");
        }
        return bytes.toString();
    }

    private String required(String key, String pattern) {
        var value = text(key).orElseThrow(() -> new IllegalArgumentException("expected: \"" + key + ": \""));
        if (!value.matches(pattern)) {
            throw new IllegalArgumentException(key + ": \"" + value + "\" (expected: " + pattern + ")");
        }
        at++;
        return value;
    }

    private List<String> every(String key) {
        var values = new ArrayList<String>();
        for (var value = optional(key); value.isPresent(); value = optional(key)) {
            values.add(value.get());
        }
        return List.copyOf(values);
    }

    private Optional<String> optional(String key) {
        var value = text(key).map(Notation::read);
        if (value.isPresent()) {
            at++;
        }
        return value;
    }

    private Optional<String> text(String key) {
        return at < lines.length && lines[at].startsWith(key + ": ")
                ? Optional.of(lines[at].substring(key.length() + 2))
                : Optional.empty();
    }
}
