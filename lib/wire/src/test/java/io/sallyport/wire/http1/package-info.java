@NullMarked
package io.sallyport.wire.http1;

import org.jspecify.annotations.NullMarked;
