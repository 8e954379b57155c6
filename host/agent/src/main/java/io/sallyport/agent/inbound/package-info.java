/// The way in
///
/// Starting point: [ sockets opened inside a sandbox's network namespace.:NetnsDialer].
@NullMarked
package io.sallyport.agent.inbound;

import org.jspecify.annotations.NullMarked;
