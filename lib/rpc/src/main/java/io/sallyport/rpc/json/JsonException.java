package io.sallyport.rpc.json;

/// Text that is no JSON, or JSON that does not fit the record. The message names the place and what was expected.
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    public JsonException(String message) {
        super(message);
    }
}
