/// The contract between the control plane, the egress gateway and the relay: who may reach what outside.
///
/// Starting points: [EgressSessions] is what the egress gateway asks the control plane; [EgressReason] is why not.
@NullMarked
package io.sallyport.rpc.egress;

import org.jspecify.annotations.NullMarked;
