package io.sallyport.wire.http1;

/// One header line. The name keeps its case; both are ISO-8859-1, without line breaks.
public record Header(String name, String value) {
    public Header {
        if (!Ascii.isToken(name)) {
            throw new IllegalArgumentException("header name: \"" + name + "\" (expected: a token)");
        }
        if (!Ascii.isFieldValue(value)) {
            throw new IllegalArgumentException("value of header " + name + " (expected: no control characters)");
        }
    }

    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }
}
