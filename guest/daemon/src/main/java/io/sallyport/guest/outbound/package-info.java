/// The sandbox's way out, as the rest of the daemon sees it: when processes may start, and what they find then.
///
/// Starting point: [Outbound]. The relay itself is `outbound/relay`.
@NullMarked
package io.sallyport.guest.outbound;

import org.jspecify.annotations.NullMarked;
