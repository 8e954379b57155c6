/// What processes are told so that they use the relay and trust the gateway. Pure.
///
/// Starting points: [Environment] for the variables, [TrustStore] for Java's trust store.
@NullMarked
package io.sallyport.relay.env;

import org.jspecify.annotations.NullMarked;
