/// Carries one exchange to the app and back.
///
/// Starting point: [Forwarder].
@NullMarked
package io.sallyport.gateway.forward;

import org.jspecify.annotations.NullMarked;
