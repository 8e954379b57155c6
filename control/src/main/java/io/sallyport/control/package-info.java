/// The control plane: decides, and remembers in PostgreSQL. No user bytes pass through it.
///
/// Starting points: [Control] wires; `api` is the REST door, `sandbox` the life of a sandbox, `store` what is
/// remembered.
@NullMarked
package io.sallyport.control;

import org.jspecify.annotations.NullMarked;
