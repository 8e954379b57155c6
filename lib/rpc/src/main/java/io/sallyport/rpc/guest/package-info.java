/// What the guest daemon is told when its sandbox is made.
///
/// Starting point: [InitRequest].
@NullMarked
package io.sallyport.rpc.guest;

import org.jspecify.annotations.NullMarked;
