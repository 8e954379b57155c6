package io.sallyport.cli;

/// Something this machine must have, and whether it has it.
///
/// @param found what was seen
/// @param fix what to do about it; empty when there is nothing to do
/// @param required whether the platform cannot run without it
public record Check(String name, boolean ok, boolean required, String found, String fix) {
    static Check ok(String name, String found) {
        return new Check(name, true, true, found, "");
    }

    static Check missing(String name, String found, String fix) {
        return new Check(name, false, true, found, fix);
    }

    static Check advice(String name, String found, String fix) {
        return new Check(name, false, false, found, fix);
    }
}
