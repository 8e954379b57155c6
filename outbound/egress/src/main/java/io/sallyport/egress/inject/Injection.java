package io.sallyport.egress.inject;

import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.rpc.egress.policy.Placeholders;
import io.sallyport.rpc.egress.policy.PolicyException;
import io.sallyport.wire.address.Destination;
import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.NameSet;
import io.sallyport.wire.http1.RequestHead;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Puts credentials into one request. Pure.
///
/// Two ways: the headers of the policy's transform, in place of whatever the client sent under their names; and
/// placeholders in the client's own headers that carry credentials, also inside Basic authentication, each header
/// once. Both only for credentials bound to this very host, scheme and port. Everywhere else a placeholder is a
/// misuse: in any other header, whose value the host might store and show, in the target, in a header's name, in
/// another encoding, in a body (see [#body]), or on the way to anybody else.
public final class Injection {
    /// What says how the message is sent, and no transform may say.
    private static final NameSet NOT_SET = NameSet.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "keep-alive");

    /// What hosts compare with what they know, and neither store nor show. Their twins with `_` are other headers.
    private static final NameSet CREDENTIAL_HEADERS = NameSet.of(
            "authorization",
            "api-key",
            "x-api-key",
            "x-api-token",
            "x-access-token",
            "x-auth-key",
            "x-auth-token",
            "private-token",
            "job-token",
            "x-goog-api-key",
            "x-subscription-token",
            "x-vault-token",
            "xi-api-key",
            "ocp-apim-subscription-key",
            "dd-api-key",
            "dd-application-key");

    private static final String BASIC = "basic ";

    private final Destination destination;
    private final String scheme;
    private final Credentials credentials;
    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> filledHeaders = new HashSet<>(); // in lower case

    private Injection(Destination destination, String scheme, Credentials credentials) {
        this.destination = destination;
        this.scheme = scheme;
        this.credentials = credentials;
    }

    /// A request that may be sent.
    ///
    /// @param used names of the credentials in it
    public record Filled(RequestHead head, List<String> used) {}

    /// Fills a request.
    ///
    /// @param request whose hop-by-hop headers are gone already, lest one that is put in goes with them
    /// @throws MisusedException where it must not be sent
    public static Filled fill(
            RequestHead request,
            Destination destination,
            String scheme,
            Optional<Transform> transform,
            Credentials credentials)
            throws MisusedException {
        return new Injection(destination, scheme, credentials).fill(request, transform);
    }

    /// The body of a request, which breaks off with [MisusedException] where a placeholder stands in it. What comes
    /// compressed is not looked into: a placeholder is no secret.
    public static InputStream body(InputStream body, Credentials credentials) {
        return credentials.hasPlaceholders() ? new WatchedInput(body, credentials) : body;
    }

    /// Trailers that may be sent: none with a placeholder, nor one of a name that a transform sets.
    public static Headers trailers(Headers trailers, Optional<Transform> transform, Credentials credentials) {
        var set = namesOf(transform);
        return trailers.without(line -> {
            try {
                credentials.refuseIn(line.name());
                credentials.refuseIn(line.value());
                return set.containsTwin(line.name());
            } catch (MisusedException e) {
                return true;
            }
        });
    }

    private Filled fill(RequestHead request, Optional<Transform> transform) throws MisusedException {
        credentials.refuseIn(request.target());
        var set = namesOf(transform);
        var lines = new ArrayList<Header>();
        for (var line : request.headers()) {
            if (!set.containsTwin(line.name())) {
                lines.add(fill(line));
            }
        }
        if (transform.isPresent()) {
            for (var header : transform.get().headers().entrySet()) {
                if (!NOT_SET.containsTwin(header.getKey())) {
                    lines.add(new Header(header.getKey(), template(header.getValue())));
                }
            }
        }
        return new Filled(request.withHeaders(Headers.of(lines)), List.copyOf(used));
    }

    private static NameSet namesOf(Optional<Transform> transform) {
        return transform
                .map(one -> NameSet.of(one.headers().keySet().stream()
                        .filter(name -> !NOT_SET.containsTwin(name))
                        .toArray(String[]::new)))
                .orElseGet(NameSet::of);
    }

    private String template(String value) throws MisusedException {
        var missing = new ArrayList<String>();
        try {
            var filled = Placeholders.fill(value, name -> {
                var secret = credentials.value(name, destination, scheme);
                (secret.isPresent() ? used : missing).add(name);
                return secret;
            });
            if (filled.isPresent()) {
                return filled.get();
            }
            throw new MisusedException(missing.getFirst());
        } catch (PolicyException e) {
            throw new MisusedException("a transform"); // compiled policies have none such
        }
    }

    private Header fill(Header line) throws MisusedException {
        if (!credentials.hasPlaceholders()) {
            return line;
        }
        credentials.refuseIn(line.name());
        var names = new ArrayList<String>();
        var value = CREDENTIAL_HEADERS.contains(line.name()) ? filled(line, names) : line.value();
        if (names.isEmpty()) {
            credentials.refuseIn(line.value());
            return line;
        }
        if (!filledHeaders.add(line.name().toLowerCase(Locale.ROOT))) {
            throw new MisusedException(names.getFirst());
        }
        used.addAll(names);
        return new Header(line.name(), value);
    }

    private String filled(Header line, List<String> names) throws MisusedException {
        var value = basic(line, names);
        return names.isEmpty() ? credentials.fill(line.value(), destination, scheme, names) : value;
    }

    /// The value where it is Basic authentication with a placeholder in it, filled; else as it was.
    private String basic(Header line, List<String> names) throws MisusedException {
        if (!line.is("Authorization") || !line.value().toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return line.value();
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder()
                    .decode(line.value().substring(BASIC.length()).strip());
        } catch (IllegalArgumentException e) {
            return line.value();
        }
        var filled = credentials.fill(new String(decoded, StandardCharsets.ISO_8859_1), destination, scheme, names);
        return names.isEmpty()
                ? line.value()
                : line.value().substring(0, BASIC.length())
                        + Base64.getEncoder().encodeToString(filled.getBytes(StandardCharsets.ISO_8859_1));
    }
}
