package io.sallyport.wire.http1;

/// `host[:port]` as it stands in `Host`, in an absolute target and in the target of CONNECT. Pure.
///
/// Userinfo is never taken, and an empty host neither. A comma is not, though a name may have one: two hosts to
/// whoever splits lists.
///
/// @spec https://www.rfc-editor.org/info/rfc3986 RFC 3986 §3.2
final class Authority {
    private static final int PORT_MAX = 65_535;

    private Authority() {}

    static boolean isHostAndPort(String text) {
        int port = portStart(text);
        return isHost(text, port < 0 ? text.length() : port - 1);
    }

    /// Whether the text is a host and a port that one can connect to.
    static boolean isDestination(String text) {
        int port = portStart(text);
        int digits = text.length() - port;
        if (port < 0 || digits == 0 || digits > 5 || !isHost(text, port - 1)) {
            return false;
        }
        int number = Integer.parseInt(text, port, text.length(), 10);
        return number > 0 && number <= PORT_MAX;
    }

    /// Where the digits behind the last colon start; -1 where the text does not end so.
    private static int portStart(String text) {
        int at = text.length();
        while (at > 0 && text.charAt(at - 1) >= '0' && text.charAt(at - 1) <= '9') {
            at--;
        }
        return at > 0 && text.charAt(at - 1) == ':' ? at : -1;
    }

    private static boolean isHost(String text, int end) {
        return end > 0 && (text.charAt(0) == '[' ? isAddress(text, end) : isName(text, end));
    }

    /// An IPv6 address in brackets, by its characters.
    private static boolean isAddress(String text, int end) {
        boolean colon = false;
        for (int i = 1; i < end - 1; i++) {
            char c = text.charAt(i);
            colon |= c == ':';
            if (c != ':' && c != '.' && !isHex(c)) {
                return false;
            }
        }
        return colon && text.charAt(end - 1) == ']';
    }

    private static boolean isName(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean escape = c == '%' && i + 2 < end && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2));
            if (!escape && !Ascii.isNameChar(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }
}
