/// Everything in one JVM with real HTTP, real PostgreSQL and real `runc`; and what can only be seen from outside.
///
/// Starting points: [Testbed] is the running platform, [InboundTest] the main job.
@NullMarked
package io.sallyport.testbed;

import org.jspecify.annotations.NullMarked;
