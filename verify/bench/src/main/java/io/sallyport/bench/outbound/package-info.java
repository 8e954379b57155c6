/// `bin/bench outbound`: what a connection out of a sandbox costs, beside other proxies.
///
/// Starting points: [OutboundBench] runs it, [OutboundWorkload] is what is measured, [Subject] who.
@NullMarked
package io.sallyport.bench.outbound;

import org.jspecify.annotations.NullMarked;
