/// A tunnel from its first byte to its last: authenticated, decided, dialled, looked at, copied.
///
/// Starting points: [TunnelEndpoint] is where the relay arrives, [Connector] is the chain of decisions.
@NullMarked
package io.sallyport.egress.tunnel;

import org.jspecify.annotations.NullMarked;
