package io.sallyport.wire.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every message of the corpus goes through the engine and becomes what its case says.
final class CorpusTest {
    private static final int CASES_MIN = 300;
    private static final Path SUMMARY = Path.of("target", "corpus-summary.txt");

    private static List<CorpusCase> cases() {
        return Corpus.CASES;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyMessageIsReadOrRefusedAsItsCaseSays(CorpusCase one) throws IOException {
        assertReads(one, one.read(Integer.MAX_VALUE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void howTheBytesArriveChangesNothing(CorpusCase one) throws IOException {
        assertReads(one, one.read(1));
        assertReads(one, one.read(7));
    }

    @Test
    void theCorpusIsLargeAndItsNamesAreUnique() throws IOException {
        assertTrue(cases().size() >= CASES_MIN, cases().size() + " cases");
        var names = new HashSet<String>();
        cases().forEach(one -> assertTrue(names.add(one.name()), "two cases named " + one.name()));
        var messages = new HashSet<String>();
        cases().forEach(one -> assertTrue(messages.add(one.responseTo() + one.bytes()), one + " repeats another"));
        Files.writeString(SUMMARY, summary());
    }

    private static final String WHOLE = """
            case: a
            direction: request
            rfc: RFC 9112 §3
            why: it is so
            expect: accept
            message: GET / none
            > GET / HTTP/1.1\\r\\n
            > Host: a\\r\\n
            > \\r\\n
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "case: a=case: A",
                "case: a\n=",
                "direction: request=direction: both",
                "direction: request=direction: response to GET;expect: accept=expect: refuse 400",
                "rfc: RFC 9112 §3\n=",
                "rfc: RFC 9112 §3=rfc: 9112",
                "rfc: RFC 9112 §3=rfc: RFC 9112",
                "why: it is so\n=",
                "why: it is so=why: ",
                "expect: accept=expect: maybe",
                "expect: accept=expect: refuse",
                "expect: accept=expect: refuse 404",
                "message: GET=mesage: GET",
                "message: GET / none=message: GET / none\nleft: many",
                "> Host: a=Host: a",
                "> Host: a=>Host: a",
                "> Host: a\\r\\n=> Host: a ",
                "> Host: a=> Host: \u00e9",
                "> Host: a=> Host: \\q",
                "> Host: a=> Host: \\x9",
                "> Host: a=> Host: {a",
                "> Host: a=> Host: {a*0}",
            })
    void aFileThatIsMalformedIsRefused(String edits) {
        assertEquals(1, CorpusFile.read("whole.txt", WHOLE).size());
        var edited = WHOLE;
        for (var edit : edits.split(";", -1)) {
            int equals = edit.indexOf('=');
            edited = edited.replace(edit.substring(0, equals), edit.substring(equals + 1));
        }
        var malformed = edited;
        assertThrows(IllegalArgumentException.class, () -> CorpusFile.read("malformed.txt", malformed));
    }

    private static void assertReads(CorpusCase one, Reading reading) {
        assertEquals(expected(one), actual(reading), one::toString);
        for (int i = 0; i < one.messages().size(); i++) {
            var headers = Message.lines(reading.messages().get(i).headers());
            var missing = new ArrayList<>(one.messages().get(i).headers());
            missing.removeAll(headers);
            assertTrue(missing.isEmpty(), () -> one + ": no " + missing + " in " + headers);
        }
    }

    private static String expected(CorpusCase one) {
        var lines = new ArrayList<String>();
        for (var message : one.messages()) {
            lines.add(line(message.summary(), message.trailers()));
        }
        return one.verdict().text() + lines + " left " + one.left();
    }

    private static String actual(Reading reading) {
        var lines = new ArrayList<String>();
        for (var message : reading.messages()) {
            lines.add(line(message.summary(), Message.lines(message.trailers())));
        }
        return reading.verdict().text() + lines + " left " + reading.left();
    }

    private static String line(String summary, List<String> trailers) {
        return Notation.write(summary + (trailers.isEmpty() ? "" : " " + trailers));
    }

    private static String summary() {
        var rows = new TreeMap<String, int[]>();
        for (var one : cases()) {
            for (var row : List.of(one.file(), "total")) {
                rows.computeIfAbsent(row, key -> new int[4])[column(one.verdict())]++;
            }
        }
        var text =
                new StringBuilder("%-32s %6s %8s %8s %6s%n".formatted("file", "cases", "accepted", "refused", "cut"));
        rows.forEach((file, n) ->
                text.append("%-32s %6d %8d %8d %6d%n".formatted(file, n[0] + n[1] + n[2], n[0], n[1], n[2])));
        return text.toString();
    }

    private static int column(Verdict verdict) {
        return switch (verdict) {
            case ACCEPT -> 0;
            case REFUSE, REFUSE_400, REFUSE_414, REFUSE_431, REFUSE_501, REFUSE_505, REFUSE_EOF -> 1;
            case CUT, CUT_EOF -> 2;
        };
    }
}
