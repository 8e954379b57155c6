package io.sallyport.relay.transparent;

import io.sallyport.relay.transparent.DnsQuery.Question;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What we say to a question: always short enough for UDP. Pure.
///
/// @spec https://www.rfc-editor.org/info/rfc8914 RFC 8914 for the reason in words
final class DnsAnswer {
    static final int NOERROR = 0;
    static final int FORMERR = 1;
    static final int SERVFAIL = 2;
    static final int NOTIMP = 4;
    static final int REFUSED = 5;

    /// "Blocked" of RFC 8914.
    static final int EDE_BLOCKED = 15;

    /// "Network Error" of RFC 8914.
    static final int EDE_NETWORK = 23;

    /// An address is good for as long as its name is in use; asking again costs nothing.
    static final int TTL_SECONDS = 60;

    static final int TYPE_A = 1;
    static final int CLASS_IN = 1;

    private static final int RESPONSE = 0x8000;
    private static final int RECURSION_WANTED = 0x0100;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final int POINTER_TO_QUESTION = 0xc00c;
    private static final int OPTION_EDE = 15;
    private static final int UDP_BYTES = 1232;
    private static final int TEXT_BYTES_MAX = 160;

    private DnsAnswer() {}

    static byte[] address(Question question, Inet4Address address) {
        var record = new ByteArrayOutputStream();
        u16(record, POINTER_TO_QUESTION);
        u16(record, TYPE_A);
        u16(record, CLASS_IN);
        u16(record, TTL_SECONDS >>> 16);
        u16(record, TTL_SECONDS);
        var bytes = address.getAddress();
        u16(record, bytes.length);
        record.writeBytes(bytes);
        return message(question, NOERROR, List.of(record.toByteArray()), extension(question, new byte[0]));
    }

    /// There is nothing of this type.
    static byte[] empty(Question question) {
        return message(question, NOERROR, List.of(), extension(question, new byte[0]));
    }

    /// A refusal; the reason goes to whoever understands it.
    static byte[] refusal(Question question, int rcode, int ede, String text) {
        var words = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(words.length, TEXT_BYTES_MAX);
        var option = new ByteArrayOutputStream();
        u16(option, OPTION_EDE);
        u16(option, 2 + length);
        u16(option, ede);
        option.write(words, 0, length);
        return message(question, rcode, List.of(), extension(question, option.toByteArray()));
    }

    static byte[] bare(int id, int rcode) {
        var out = new ByteArrayOutputStream();
        header(out, id, RESPONSE | RECURSION_AVAILABLE | rcode, 0, 0, 0);
        return out.toByteArray();
    }

    private static byte[] message(Question question, int rcode, List<byte[]> answers, byte[] extension) {
        var out = new ByteArrayOutputStream();
        int wanted = question.recursionWanted() ? RECURSION_WANTED : 0;
        header(
                out,
                question.id(),
                RESPONSE | wanted | RECURSION_AVAILABLE | rcode,
                1,
                answers.size(),
                extension.length > 0 ? 1 : 0);
        out.writeBytes(question.question());
        answers.forEach(out::writeBytes);
        out.writeBytes(extension);
        return out.toByteArray();
    }

    /// The record of EDNS, for an asker that sent one.
    private static byte[] extension(Question question, byte[] options) {
        if (!question.extended()) {
            return new byte[0];
        }
        var out = new ByteArrayOutputStream();
        out.write(0);
        u16(out, DnsQuery.TYPE_OPT);
        u16(out, UDP_BYTES);
        u16(out, 0);
        u16(out, 0);
        u16(out, options.length);
        out.writeBytes(options);
        return out.toByteArray();
    }

    private static void header(
            ByteArrayOutputStream out, int id, int flags, int questions, int answers, int additionals) {
        u16(out, id);
        u16(out, flags);
        u16(out, questions);
        u16(out, answers);
        u16(out, 0);
        u16(out, additionals);
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }
}
