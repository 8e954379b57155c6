/// The host agent: runs sandboxes on one machine; every byte to or from a sandbox crosses it.
///
/// Starting points: [Agent] wires; `sandbox` is the life of a sandbox, `inbound` the way into it, `runtime` and `image`
/// what it is made of.
@NullMarked
package io.sallyport.agent;

import org.jspecify.annotations.NullMarked;
