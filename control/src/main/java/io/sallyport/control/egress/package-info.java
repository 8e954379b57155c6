/// The control plane's side of the way out: policies as they are stored, secrets as they are sealed, and what the
/// egress gateway is told of a session.
///
/// Starting points: [EgressService] answers the egress gateway; [Sealed] is how a secret lies in the database.
@NullMarked
package io.sallyport.control.egress;

import org.jspecify.annotations.NullMarked;
