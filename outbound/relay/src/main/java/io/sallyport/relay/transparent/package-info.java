/// For programs that know no proxy: names are answered with addresses that stand for them, and connections to any
/// address are redirected here by the sandbox's packet filter.
///
/// ```
///   getaddrinfo ─▶ DnsAnswerer ─ may it? ─▶ NameCheck ─▶ gateway
///                      └ address for the name ─▶ NameTable
///   connect ─(redirect)▶ Transparent ─▶ OriginalDestination ─▶ NameTable ─▶ tunnel
/// ```
///
/// No question leaves the sandbox: whether a name exists is found out by the gateway when it is connected to.
@NullMarked
package io.sallyport.relay.transparent;

import org.jspecify.annotations.NullMarked;
