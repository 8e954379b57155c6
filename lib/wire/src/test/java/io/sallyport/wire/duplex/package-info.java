@NullMarked
package io.sallyport.wire.duplex;

import org.jspecify.annotations.NullMarked;
