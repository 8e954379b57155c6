package io.sallyport.relay.transparent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// A question to a name server, as far as we answer any. Pure.
///
/// - **Limits**: one question; a name of at most [#NAME_BYTES_MAX] bytes on the wire.
///
/// @spec https://www.rfc-editor.org/info/rfc1035 RFC 1035 §4.1, https://www.rfc-editor.org/info/rfc6891 RFC 6891
sealed interface DnsQuery {
    int HEADER_BYTES = 12;
    int NAME_BYTES_MAX = 255;
    int LABEL_BYTES_MAX = 63;
    int TYPE_OPT = 41;

    /// A question.
    ///
    /// @param recursionWanted what the asker set, to be given back
    /// @param name in lower case, without a dot at its end; empty for the root
    /// @param hostName whether the name is of letters, digits, hyphens and underscores only
    /// @param question as it was on the wire, to be given back letter for letter
    /// @param extended whether the asker understands EDNS
    record Question(
            int id,
            boolean recursionWanted,
            String name,
            boolean hostName,
            int type,
            int queryClass,
            byte[] question,
            boolean extended)
            implements DnsQuery {}

    /// An answer with this code and nothing else is all that can be said.
    record Unanswerable(int id, int rcode) implements DnsQuery {}

    /// Not to be answered: too short to have an id, or an answer itself.
    record Ignored() implements DnsQuery {}

    static DnsQuery parse(byte[] message, int length) {
        if (length < HEADER_BYTES) {
            return new Ignored();
        }
        int id = u16(message, 0);
        int flags = u16(message, 2);
        if ((flags & 0x8000) != 0) {
            return new Ignored();
        }
        if ((flags >> 11 & 0xf) != 0) {
            return new Unanswerable(id, DnsAnswer.NOTIMP);
        }
        int questions = u16(message, 4);
        int answers = u16(message, 6);
        int authorities = u16(message, 8);
        int additionals = u16(message, 10);
        if (questions != 1 || answers != 0 || authorities != 0) {
            return new Unanswerable(id, DnsAnswer.FORMERR);
        }
        return question(message, length, id, (flags & 0x0100) != 0, additionals);
    }

    private static DnsQuery question(byte[] message, int length, int id, boolean recursionWanted, int additionals) {
        var malformed = new Unanswerable(id, DnsAnswer.FORMERR);
        var name = new StringBuilder();
        boolean hostName = true;
        int at = HEADER_BYTES;
        while (true) {
            if (at >= length) {
                return malformed;
            }
            int label = message[at] & 0xff;
            at++;
            if (label == 0) {
                break;
            }
            if (label > LABEL_BYTES_MAX || at + label > length || at + label - HEADER_BYTES >= NAME_BYTES_MAX) {
                return malformed;
            }
            for (int i = at; i < at + label; i++) {
                hostName &= ofHostName(message[i]);
            }
            if (!name.isEmpty()) {
                name.append('.');
            }
            name.append(new String(message, at, label, StandardCharsets.ISO_8859_1));
            at += label;
        }
        if (at + 4 > length) {
            return malformed;
        }
        int type = u16(message, at);
        int queryClass = u16(message, at + 2);
        at += 4;
        int end = endOfAdditionals(message, at, length, additionals);
        if (end != length) {
            return malformed;
        }
        return new Question(
                id,
                recursionWanted,
                name.toString().toLowerCase(Locale.ROOT),
                hostName && !name.isEmpty(),
                type,
                queryClass,
                Arrays.copyOfRange(message, HEADER_BYTES, at),
                additionals == 1);
    }

    /// Where the message ends if its only record behind the question is that of EDNS; -1 where it is not.
    private static int endOfAdditionals(byte[] message, int at, int length, int additionals) {
        if (additionals == 0) {
            return at;
        }
        boolean extension =
                additionals == 1 && at + 11 <= length && message[at] == 0 && u16(message, at + 1) == TYPE_OPT;
        return extension ? at + 11 + u16(message, at + 9) : -1;
    }

    private static boolean ofHostName(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '_';
    }

    private static int u16(byte[] message, int at) {
        return (message[at] & 0xff) << 8 | (message[at + 1] & 0xff);
    }
}
