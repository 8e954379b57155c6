@NullMarked
package io.sallyport.wire.tunnel;

import org.jspecify.annotations.NullMarked;
