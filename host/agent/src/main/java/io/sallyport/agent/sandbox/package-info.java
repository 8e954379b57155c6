/// The life of a sandbox on this machine, from directory to removal.
///
/// Starting point: [Sandboxes].
@NullMarked
package io.sallyport.agent.sandbox;

import org.jspecify.annotations.NullMarked;
