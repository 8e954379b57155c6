/// The control plane's door for gateways, and its way to agents.
///
/// Starting points: [ControlServer], [Hosts].
@NullMarked
package io.sallyport.control.rpc;

import org.jspecify.annotations.NullMarked;
