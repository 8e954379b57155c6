package io.sallyport.wire.http1;

import java.util.Locale;

/// How reading the bytes of one connection ends; the README of the corpus says what each means.
enum Verdict {
    ACCEPT,
    REFUSE,
    REFUSE_400,
    REFUSE_414,
    REFUSE_431,
    REFUSE_501,
    REFUSE_505,
    REFUSE_EOF,
    CUT,
    CUT_EOF;

    static Verdict refuse(int status) {
        return switch (status) {
            case 400 -> REFUSE_400;
            case 414 -> REFUSE_414;
            case 431 -> REFUSE_431;
            case 501 -> REFUSE_501;
            case 505 -> REFUSE_505;
            default -> throw new IllegalArgumentException("refused with status " + status);
        };
    }

    /// Reads what [#text()] gives.
    static Verdict parse(String text) {
        for (var verdict : values()) {
            if (verdict.text().equals(text)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("verdict: \"" + text + "\"");
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The same where nobody answers with a status: to a server.
    Verdict withoutStatus() {
        return switch (this) {
            case REFUSE_400, REFUSE_414, REFUSE_431, REFUSE_501, REFUSE_505 -> REFUSE;
            case ACCEPT, REFUSE, REFUSE_EOF, CUT, CUT_EOF -> this;
        };
    }
}
