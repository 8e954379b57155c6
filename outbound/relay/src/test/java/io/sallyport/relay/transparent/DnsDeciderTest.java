package io.sallyport.relay.transparent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.relay.transparent.NameCheck.Decision;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsDeciderTest {
    private static final int A = 1;
    private static final int ANSWER_BYTES_MAX = 512;

    private final NameTable names = new NameTable(() -> 0);
    private final Set<String> asked = new HashSet<>();
    private final DnsDecider decider = new DnsDecider(this::check, names);

    private Decision check(String name) {
        asked.add(name);
        return switch (name) {
            case "denied.example" -> new Decision.Denied("host_not_allowed", "no rule allows this host");
            case "down.example" -> new Decision.Undecided("the gateway does not answer");
            default -> new Decision.Allowed();
        };
    }

    @Test
    void answersWithTheAddressThatStandsForTheName() {
        var question = Dns.question("Www.Example.COM", A, false);
        var answer = answer(question);
        assertEquals(Dns.ID, Dns.id(answer));
        assertEquals(DnsAnswer.NOERROR, Dns.rcode(answer));
        assertEquals(1, Dns.answers(answer));
        assertArrayEquals(
                names.addressOf("www.example.com").getAddress(),
                Arrays.copyOfRange(answer, answer.length - 4, answer.length));
        var echoed = new String(answer, 12, question.length - 12, StandardCharsets.ISO_8859_1);
        assertTrue(echoed.contains("Www") && echoed.contains("COM"), "letter for letter");
        assertEquals(Set.of("www.example.com"), asked);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 6, 10, 12, 15, 16, 28, 33, 64, 65, 257, 65_280})
    void hasNothingOfAnyOtherType(int type) {
        var answer = answer(Dns.question("a.example", type, false));
        assertEquals(DnsAnswer.NOERROR, Dns.rcode(answer));
        assertEquals(0, Dns.answers(answer));
        assertEquals(0, names.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {249, 250, 251, 252, 253, 254, 255})
    void doesNotServeZonesOrEverything(int type) {
        assertEquals(DnsAnswer.NOTIMP, Dns.rcode(answer(Dns.question("a.example", type, false))));
        assertTrue(asked.isEmpty());
    }

    @Test
    void refusesWithTheReasonInWords() {
        var answer = answer(Dns.question("denied.example", A, true));
        assertEquals(DnsAnswer.REFUSED, Dns.rcode(answer));
        assertEquals(1, Dns.additionals(answer));
        var text = new String(answer, StandardCharsets.ISO_8859_1);
        assertTrue(text.endsWith("\u0000\u000fhost_not_allowed: no rule allows this host"), text);
        assertEquals(0, names.size());
    }

    @Test
    void saysNoWordsToWhoDoesNotUnderstandThem() {
        var answer = answer(Dns.question("denied.example", A, false));
        assertEquals(DnsAnswer.REFUSED, Dns.rcode(answer));
        assertEquals(0, Dns.additionals(answer));
    }

    @Test
    void anOutageIsNoDenial() {
        assertEquals(DnsAnswer.SERVFAIL, Dns.rcode(answer(Dns.question("down.example", A, true))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b.example", "a/b", "a%41.example", "a?x=1", "a&b", "\u00e4.example", "a\r\nX: y"})
    void asksNobodyForWhatIsNoHostName(String name) {
        assertEquals(DnsAnswer.REFUSED, Dns.rcode(answer(Dns.question(name, A, true))));
        assertTrue(asked.isEmpty());
    }

    @Test
    void knowsWhoLocalhostIs() {
        var answer = answer(Dns.question("localhost", A, false));
        assertArrayEquals(new byte[] {127, 0, 0, 1}, Arrays.copyOfRange(answer, answer.length - 4, answer.length));
        assertEquals(0, Dns.answers(answer(Dns.question("app.localhost", 28, false))));
        assertTrue(asked.isEmpty());
    }

    @Test
    void saysNothingToAnswersAndToWhatHasNoId() {
        var reply = Dns.question("a.example", A, false);
        reply[2] |= (byte) 0x80;
        assertTrue(decider.answer(reply, reply.length).isEmpty());
        assertTrue(decider.answer(new byte[11], 11).isEmpty());
        assertTrue(decider.answer(new byte[0], 0).isEmpty());
    }

    @Test
    void everyPartOfAQuestionIsMalformed() {
        var question = Dns.question("www.example.com", A, true);
        for (int length = 12; length < question.length; length++) {
            int rcode = Dns.rcode(decider.answer(question, length).orElseThrow());
            assertEquals(DnsAnswer.FORMERR, rcode, "of " + length + " bytes");
        }
        var longer = Arrays.copyOf(question, question.length + 1);
        assertEquals(DnsAnswer.FORMERR, Dns.rcode(answer(longer)));
        assertTrue(asked.isEmpty());
    }

    @Test
    void refusesPointersManyQuestionsLongLabelsAndLongNames() {
        var pointer = Dns.question("a", A, false);
        pointer[12] = (byte) 0xc0;
        assertEquals(DnsAnswer.FORMERR, Dns.rcode(answer(pointer)));
        var two = Dns.question("a", A, false);
        two[5] = 2;
        assertEquals(DnsAnswer.FORMERR, Dns.rcode(answer(two)));
        assertEquals(DnsAnswer.FORMERR, Dns.rcode(answer(Dns.question("l".repeat(64), A, false))));
        assertEquals(DnsAnswer.NOERROR, Dns.rcode(answer(Dns.question("l".repeat(63), A, false))));
        var name = ("l".repeat(49) + ".").repeat(5);
        assertEquals(DnsAnswer.NOERROR, Dns.rcode(answer(Dns.question(name + "fit", A, false))));
        assertEquals(DnsAnswer.FORMERR, Dns.rcode(answer(Dns.question(name + "fits", A, false))));
        var update = Dns.question("a", A, false);
        update[2] = 5 << 3;
        assertEquals(DnsAnswer.NOTIMP, Dns.rcode(answer(update)));
    }

    @Test
    void anyBytesAreAnsweredShortlyOrNotAtAll() {
        var random = new Random(53);
        var seeds = new byte[][] {
            Dns.question("www.example.com", A, true),
            Dns.question("denied.example", 28, true),
            Dns.question("l".repeat(63) + ".x", 16, false)
        };
        for (int round = 0; round < 200_000; round++) {
            byte[] message;
            if (random.nextInt(4) == 0) {
                message = new byte[random.nextInt(64)];
                random.nextBytes(message);
            } else {
                message = seeds[random.nextInt(seeds.length)].clone();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    message[random.nextInt(message.length)] = (byte) random.nextInt(256);
                }
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(message.length + 1) : message.length;
            decider.answer(message, length).ifPresent(answer -> {
                assertTrue(answer.length >= 12 && answer.length <= ANSWER_BYTES_MAX, answer.length + " bytes");
                assertEquals(0x80, answer[2] & 0x80);
            });
        }
        assertFalse(asked.stream().anyMatch(name -> !name.matches("[a-z0-9_.-]{1,253}")));
    }

    private byte[] answer(byte[] question) {
        return decider.answer(question, question.length).orElseThrow();
    }
}
