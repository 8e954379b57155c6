/// Commands in the sandbox: started, followed, fed, signalled, reaped.
///
/// Starting points, in the order of a command: [ProcessService] takes the call, [Processes] decides what to run as
/// whom, [Spawn] runs it, [Children] learns of its end, [RunningProcess] tells everybody who follows.
@NullMarked
package io.sallyport.guest.process;

import org.jspecify.annotations.NullMarked;
