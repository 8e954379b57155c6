/// Terminals: the device, what comes out of it and who looks, what goes in.
///
/// Starting points: [Terminal], [Output].
@NullMarked
package io.sallyport.guest.pty;

import org.jspecify.annotations.NullMarked;
