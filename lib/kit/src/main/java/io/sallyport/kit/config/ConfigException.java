package io.sallyport.kit.config;

/// A setting that cannot be used. The message names it, its value, where it stands and what was expected.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
