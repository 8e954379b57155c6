package io.sallyport.wire.http1;

import java.nio.charset.StandardCharsets;

/// One header line. The name keeps its case; both are ISO-8859-1, without line breaks. Immutable.
public final class Header {
    private final String name;
    private final String value;

    public Header(String name, String value) {
        if (!Ascii.isToken(name)) {
            throw new IllegalArgumentException("header name: \"" + name + "\" (expected: a token)");
        }
        if (!Ascii.isFieldValue(value)) {
            throw new IllegalArgumentException("value of header " + name + " (expected: no control characters)");
        }
        this.name = name;
        this.value = value;
    }

    private Header(String value, byte[] nameBytes, int from, int to) {
        this.name = new String(nameBytes, from, to - from, StandardCharsets.ISO_8859_1);
        this.value = value;
    }

    /// A line whose characters the parser has looked at one by one.
    static Header parsed(byte[] bytes, int nameFrom, int nameTo, int valueFrom, int valueTo) {
        var value = new String(bytes, valueFrom, valueTo - valueFrom, StandardCharsets.ISO_8859_1);
        return new Header(value, bytes, nameFrom, nameTo);
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Header h && name.equals(h.name) && value.equals(h.value);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + value.hashCode();
    }

    @Override
    public String toString() {
        return name + ": " + value;
    }
}
