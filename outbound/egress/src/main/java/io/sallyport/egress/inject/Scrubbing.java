package io.sallyport.egress.inject;

import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.ResponseHead;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Takes the values of credentials out of what a host answers, and puts their placeholders there. Immutable.
///
/// A value is found raw, in base64 wherever it begins, URL-encoded and as JSON or HTML write it: see [Spellings].
/// It is not found where it was cut into pieces by the host, nor inside the frames of a WebSocket that split it.
public final class Scrubbing {
    /// What stands for a value whose placeholder is empty.
    static final String REMOVED = "[removed]";

    private final Patterns patterns;
    private final List<byte[]> replacements;

    /// Looks for values.
    ///
    /// @param placeholders of each value; an empty one is [#REMOVED]
    Scrubbing(Map<String, String> placeholders) {
        var spelled = new LinkedHashMap<String, byte[]>();
        for (var one : placeholders.entrySet()) {
            var values = Spellings.of(one.getKey());
            var instead = Spellings.of(one.getValue().isEmpty() ? REMOVED : one.getValue());
            for (int i = 0; i < values.size(); i++) {
                if (Spellings.isFindable(values.get(i))) {
                    spelled.putIfAbsent(new String(values.get(i), StandardCharsets.ISO_8859_1), instead.get(i));
                }
            }
        }
        this.patterns = new Patterns(spelled.keySet().stream()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList());
        this.replacements = List.copyOf(spelled.values());
    }

    Patterns patterns() {
        return patterns;
    }

    byte[] replacement(int pattern) {
        return replacements.get(pattern);
    }

    /// The head without values. `Content-Length` and the like are left as they are.
    public ResponseHead head(ResponseHead head) {
        return new ResponseHead(head.status(), text(head.reason()), head.version(), headers(head.headers()));
    }

    /// The lines without values; a line whose name is one goes.
    public Headers headers(Headers headers) {
        var clean = new ArrayList<Header>(headers.size());
        for (var line : headers) {
            if (text(line.name()).equals(line.name())) {
                var value = text(line.value());
                clean.add(value.equals(line.value()) ? line : new Header(line.name(), value));
            }
        }
        return Headers.of(clean);
    }

    private String text(String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var clean = new StringBuilder(text.length());
        patterns.run(bytes, bytes.length, true, new Patterns.Output() {
            @Override
            public void other(byte[] from, int offset, int length) {
                clean.append(new String(from, offset, length, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void match(int pattern) {
                clean.append(new String(replacements.get(pattern), StandardCharsets.ISO_8859_1));
            }
        });
        return clean.toString();
    }

    /// How a body is encoded, as far as one can look into it.
    public enum Coding {
        IDENTITY,
        GZIP,
        /// Nobody asked for it, and nobody here can read it.
        OTHER
    }

    public static Coding codingOf(Headers headers) {
        var codings = headers.list("Content-Encoding").stream()
                .map(coding -> coding.toLowerCase(Locale.ROOT))
                .filter(coding -> !coding.equals("identity"))
                .toList();
        if (codings.isEmpty()) {
            return Coding.IDENTITY;
        }
        return codings.size() == 1
                        && (codings.getFirst().equals("gzip")
                                || codings.getFirst().equals("x-gzip"))
                ? Coding.GZIP
                : Coding.OTHER;
    }

    /// A body without values, not encoded any more. It is held back only where a value may have begun.
    ///
    /// - **Threads**: one at a time. **Closes**: nothing.
    ///
    /// @throws IllegalArgumentException for [Coding#OTHER]
    public InputStream body(InputStream body, Coding coding) {
        return switch (coding) {
            case IDENTITY -> new ScrubbedInput(this, body);
            case GZIP -> new ScrubbedInput(this, new Gunzip(body));
            case OTHER -> throw new IllegalArgumentException("nobody can look into this body");
        };
    }

    /// A connection that breaks where a value would come in, for what is no HTTP any more.
    public Connection guard(Connection from) {
        return new GuardedConnection(patterns, from);
    }

    /// Why a guarded connection broke.
    static IOException cut() {
        return new IOException("a credential's value came back and the connection was cut");
    }

    @Override
    public String toString() {
        return "Scrubbing";
    }
}
