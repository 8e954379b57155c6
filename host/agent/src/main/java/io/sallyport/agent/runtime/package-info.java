/// OCI runtimes, driven by their command line.
///
/// Starting point: [ContainerRuntime].
@NullMarked
package io.sallyport.agent.runtime;

import org.jspecify.annotations.NullMarked;
