/// Looks into connections: answers a client's TLS in the host's name, checks the host's own TLS, and decides about
/// each request.
///
/// Starting points: [Interceptor] runs one connection; [InterceptionAuthority] is whom the sandboxes trust.
@NullMarked
package io.sallyport.egress.intercept;

import org.jspecify.annotations.NullMarked;
