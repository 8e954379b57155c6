/// The egress gateway: decides what of a sandbox's traffic gets out, looks into it where a rule needs that, and writes
/// it down.
@NullMarked
package io.sallyport.egress;

import org.jspecify.annotations.NullMarked;
