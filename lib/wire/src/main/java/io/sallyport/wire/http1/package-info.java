/// A strict HTTP/1.1 engine: parses once, refuses what is ambiguous, writes canonical messages.
///
/// Starting points, in the order of a byte: [WireInput] reads, [HeadParser] understands a head, [Framing] decides where
/// the body ends, [BodyInput] and [BodyOutput] carry it, [HttpServer] and [HttpClient] are the two sides.
///
/// Request targets and header values are kept byte for byte as ISO-8859-1 strings. Nothing here knows a sandbox.
@NullMarked
package io.sallyport.wire.http1;

import org.jspecify.annotations.NullMarked;
