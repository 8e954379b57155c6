package io.sallyport.wire.http1;

import java.util.ArrayList;
import java.util.List;

/// One message as the engine has read it. The body is ISO-8859-1.
///
/// @param start method and target of a request, status of a response
record Message(String start, Headers headers, Framing framing, String body, Headers trailers) {
    static Message of(RequestHead head) throws BadMessageException {
        return new Message(head.method() + " " + head.target(), head.headers(), Framing.of(head), "", Headers.EMPTY);
    }

    static Message of(ResponseHead head, String method) throws BadMessageException {
        var framing = Framing.of(head, method);
        return new Message(Integer.toString(head.status()), head.headers(), framing, "", Headers.EMPTY);
    }

    Message with(String wholeBody, Headers read) {
        return new Message(start, headers, framing, wholeBody, read);
    }

    Message withHeaders(Headers replaced) {
        return new Message(start, replaced, framing, body, trailers);
    }

    /// Start, framing and, where it is not empty, body.
    String summary() {
        var framed = start + " "
                + switch (framing) {
                    case Framing.None none -> "none";
                    case Framing.Length length -> "length";
                    case Framing.Chunked chunked -> "chunked";
                    case Framing.UntilClose untilClose -> "until-close";
                };
        return body.isEmpty() ? framed : framed + " " + body;
    }

    static List<String> lines(Headers fields) {
        var lines = new ArrayList<String>();
        for (var field : fields) {
            lines.add(field.name() + ": " + field.value());
        }
        return lines;
    }
}
