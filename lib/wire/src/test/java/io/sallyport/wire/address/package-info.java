@NullMarked
package io.sallyport.wire.address;

import org.jspecify.annotations.NullMarked;
