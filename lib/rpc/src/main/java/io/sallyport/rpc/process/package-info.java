/// The messages of `process.Process`, the guest daemon's service for commands.
///
/// Starting points: [ProcessApi] lists the methods, [StartRequest] and [StartResponse] are the heart of it.
///
/// The names are fixed by the clients of E2B. Source: reference/sandbox-api.md §3.4.
@NullMarked
package io.sallyport.rpc.process;

import org.jspecify.annotations.NullMarked;
