/// `sallyport up`: gateway, control plane, egress gateway and host agent in one JVM, with an embedded PostgreSQL.
///
/// Starting points: [Main], [UpCommand] for what a person sees, [Platform] for the wiring.
@NullMarked
package io.sallyport.app;

import org.jspecify.annotations.NullMarked;
