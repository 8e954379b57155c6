package io.sallyport.egress.audit;

/// Text of a sandbox, made fit to be shown: printable ASCII, cut to a length. Pure.
///
/// Whatever else stands in it (line ends, terminal sequences, letters that turn the direction of writing, letters that
/// look like others) is spelled `<202e>`, so that it can be read and does nothing.
///
/// @spec reference/egress.md §4.7 nr. 101, 102
public final class Clean {
    /// Of a host: the longest name and a port.
    public static final int HOST_MAX = 260;

    public static final int PATH_MAX = 512;

    public static final int METHOD_MAX = 32;

    private static final String CUT = "...";

    private Clean() {}

    public static String text(String untrusted, int max) {
        var clean = new StringBuilder(Math.min(untrusted.length(), max));
        int end = untrusted.length();
        for (int i = 0; i < end && clean.length() <= max; ) {
            int c = untrusted.codePointAt(i);
            i += Character.charCount(c);
            if (c >= ' ' && c < 0x7f) {
                clean.append((char) c);
            } else {
                clean.append('<').append(Integer.toHexString(c)).append('>');
            }
        }
        if (clean.length() > max) {
            clean.setLength(max - CUT.length());
            clean.append(CUT);
        }
        return clean.toString();
    }

    /// A path without its query and its fragment: both may hold what nobody should read in a log.
    public static String path(String untrusted) {
        int end = untrusted.length();
        for (char stop : new char[] {'?', '#'}) {
            int at = untrusted.indexOf(stop);
            end = at >= 0 && at < end ? at : end;
        }
        return text(untrusted.substring(0, end), PATH_MAX);
    }
}
