/// What a sandbox's file system starts from.
///
/// Starting point: [Templates].
@NullMarked
package io.sallyport.agent.image;

import org.jspecify.annotations.NullMarked;
