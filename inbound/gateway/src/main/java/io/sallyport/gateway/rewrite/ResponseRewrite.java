package io.sallyport.gateway.rewrite;

import io.sallyport.gateway.host.Destination;
import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.NameSet;
import java.util.ArrayList;
import java.util.Locale;

/// Rewrites what a response says of places: `Location`, `Content-Location`, `Refresh`, `Link`,
/// `Access-Control-Allow-Origin`, and the `Domain` of cookies. Every other header stays as it is. Pure.
///
/// A cookie keeps its `Domain` only where it is a stranger's or the preview's own: the sandbox's own loopback
/// names mean nothing to a browser, and a domain that all previews share would carry the cookie into other
/// sandboxes.
public final class ResponseRewrite {
    private static final NameSet CONCERNED =
            NameSet.of("location", "content-location", "refresh", "link", "access-control-allow-origin", "set-cookie");
    private static final String URL_PARAMETER = "url=";

    private final PublicNames names;

    private ResponseRewrite(PublicNames names) {
        this.names = names;
    }

    /// The headers as the client gets them.
    ///
    /// @param scheme how the client speaks to us: `http` or `https`
    public static Headers apply(Headers appHeaders, Destination.Sandbox to, String scheme) {
        if (to.site().isEmpty() || !concerned(appHeaders)) {
            return appHeaders;
        }
        var rewrite = new ResponseRewrite(new PublicNames(to, scheme));
        var lines = new ArrayList<Header>(appHeaders.size());
        for (var line : appHeaders) {
            lines.add(CONCERNED.contains(line.name()) ? new Header(line.name(), rewrite.value(line)) : line);
        }
        return Headers.of(lines);
    }

    private static boolean concerned(Headers headers) {
        for (var line : headers) {
            if (CONCERNED.contains(line.name())) {
                return true;
            }
        }
        return false;
    }

    private String value(Header line) {
        return switch (line.name().toLowerCase(Locale.ROOT)) {
            case "refresh" -> refresh(line.value());
            case "link" -> link(line.value());
            case "set-cookie" -> cookie(line.value());
            default -> names.reference(line.value());
        };
    }

    /// `5; url=http://localhost:3000/x`, the address in quotes or not.
    private String refresh(String value) {
        int at = value.toLowerCase(Locale.ROOT).indexOf(URL_PARAMETER);
        if (at < 0) {
            return value;
        }
        int from = at + URL_PARAMETER.length();
        boolean quoted = from < value.length() && (value.charAt(from) == '"' || value.charAt(from) == '\'');
        int to = quoted ? value.indexOf(value.charAt(from), from + 1) : value.length();
        if (to < 0) {
            return value;
        }
        int start = quoted ? from + 1 : from;
        return value.substring(0, start) + names.reference(value.substring(start, to)) + value.substring(to);
    }

    /// `<http://localhost:3000/a>; rel=next, </b>; rel=prev`
    private String link(String value) {
        var result = new StringBuilder();
        int at = 0;
        while (true) {
            int open = value.indexOf('<', at);
            int close = open < 0 ? -1 : value.indexOf('>', open);
            if (close < 0) {
                return result.append(value, at, value.length()).toString();
            }
            result.append(value, at, open + 1)
                    .append(names.reference(value.substring(open + 1, close)))
                    .append('>');
            at = close + 1;
        }
    }

    private String cookie(String value) {
        int semicolon = value.indexOf(';');
        if (semicolon < 0) {
            return value;
        }
        var result = new StringBuilder(value.substring(0, semicolon));
        for (var attribute : value.substring(semicolon + 1).split(";", -1)) {
            if (!isSharedDomain(attribute.strip().toLowerCase(Locale.ROOT))) {
                result.append(';').append(attribute);
            }
        }
        return result.toString();
    }

    private boolean isSharedDomain(String attribute) {
        if (!attribute.startsWith("domain")) {
            return false;
        }
        int equals = attribute.indexOf('=');
        if (equals < 0 || !attribute.substring(0, equals).strip().equals("domain")) {
            return false;
        }
        var domain = attribute.substring(equals + 1).strip();
        var bare = domain.startsWith(".") ? domain.substring(1) : domain;
        return PublicNames.isLoopback(bare)
                || bare.equals(names.domain())
                || names.domain().endsWith("." + bare);
    }
}
