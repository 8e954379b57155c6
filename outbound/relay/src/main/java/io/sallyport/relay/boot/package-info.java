/// How the relay comes up: gates, token, guard, certificates, listeners, canaries, and only then the token's end.
///
/// Starting point: [RelayBoot], whose steps are those of reference/egress.md §1.2, each in a file of its own.
@NullMarked
package io.sallyport.relay.boot;

import org.jspecify.annotations.NullMarked;
