/// Requests in plain HTTP, which are forwarded one by one.
///
/// Starting point: [PlainHttp].
@NullMarked
package io.sallyport.relay.http;

import org.jspecify.annotations.NullMarked;
