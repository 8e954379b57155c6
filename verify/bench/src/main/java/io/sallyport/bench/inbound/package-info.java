/// What a request through the gateway costs, beside other reverse proxies in front of the same backend.
///
/// Starting points: [InboundBench] measures, [Workload] and [Subject] say what.
@NullMarked
package io.sallyport.bench.inbound;

import org.jspecify.annotations.NullMarked;
