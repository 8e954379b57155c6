/// What accepts the connections of programs: of those that know the relay is a proxy, and of those that do not.
///
/// Starting points: [RelayServer], [Redirected].
@NullMarked
package io.sallyport.relay.listen;

import org.jspecify.annotations.NullMarked;
