@NullMarked
package io.sallyport.wire.netns;

import org.jspecify.annotations.NullMarked;
