/// The benchmarks of `bin/bench`, each beside a peer in the same run.
///
/// Starting points: [Bench] chooses, [CreateBench] is the first, `inbound` the second.
@NullMarked
package io.sallyport.bench;

import org.jspecify.annotations.NullMarked;
