package io.sallyport.relay.transparent;

import io.sallyport.relay.transparent.DnsQuery.Question;
import io.sallyport.relay.transparent.NameCheck.Decision;
import io.sallyport.wire.net.Loopback;
import java.net.Inet4Address;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What is said to a question.
///
/// | question | answer |
/// |---|---|
/// | for an address of IPv4, name allowed | the address that stands for the name |
/// | for anything else, name allowed | there is none |
/// | name denied | REFUSED, with the reason |
/// | the gateway cannot say | SERVFAIL, with the reason |
/// | for whole zones or everything, or not of the Internet | NOTIMP |
/// | malformed | FORMERR |
///
/// - **Threads**: any; blocks as long as the check does.
final class DnsDecider {
    private static final String LOCALHOST = "localhost";
    private static final Set<Integer> NOT_IMPLEMENTED = Set.of(249, 250, 251, 252, 253, 254, 255);

    private final Function<String, Decision> check;
    private final NameTable names;

    DnsDecider(Function<String, Decision> check, NameTable names) {
        this.check = check;
        this.names = names;
    }

    /// The answer to the first `length` bytes of `message`; empty where none is due.
    Optional<byte[]> answer(byte[] message, int length) {
        return switch (DnsQuery.parse(message, length)) {
            case DnsQuery.Ignored() -> Optional.empty();
            case DnsQuery.Unanswerable(int id, int rcode) -> Optional.of(DnsAnswer.bare(id, rcode));
            case Question question -> Optional.of(answer(question));
        };
    }

    private byte[] answer(Question question) {
        if (question.queryClass() != DnsAnswer.CLASS_IN || NOT_IMPLEMENTED.contains(question.type())) {
            return DnsAnswer.bare(question.id(), DnsAnswer.NOTIMP);
        }
        if (!question.hostName()) {
            return DnsAnswer.refusal(
                    question, DnsAnswer.REFUSED, DnsAnswer.EDE_BLOCKED, "bad_target: this is no host name");
        }
        if (question.name().equals(LOCALHOST) || question.name().endsWith("." + LOCALHOST)) {
            return found(question, (Inet4Address) Loopback.v4(0).getAddress());
        }
        return switch (check.apply(question.name())) {
            case Decision.Allowed() ->
                question.type() == DnsAnswer.TYPE_A
                        ? DnsAnswer.address(question, names.addressOf(question.name()))
                        : DnsAnswer.empty(question);
            case Decision.Denied(var reason, var sentence) ->
                DnsAnswer.refusal(question, DnsAnswer.REFUSED, DnsAnswer.EDE_BLOCKED, reason + ": " + sentence);
            case Decision.Undecided(var why) ->
                DnsAnswer.refusal(question, DnsAnswer.SERVFAIL, DnsAnswer.EDE_NETWORK, why);
        };
    }

    private static byte[] found(Question question, Inet4Address address) {
        return question.type() == DnsAnswer.TYPE_A ? DnsAnswer.address(question, address) : DnsAnswer.empty(question);
    }
}
