/// Values and small tools every program shares. JDK only, and small on purpose.
///
/// Starting points: [SandboxId], [Port], [Deadline], [Closer], [Libc].
///
/// Nothing here opens a socket, reads a clock other than [System#nanoTime()], or knows what a sandbox does.
@NullMarked
package io.sallyport.kit;

import org.jspecify.annotations.NullMarked;
