@NullMarked
package io.sallyport.wire.tls;

import org.jspecify.annotations.NullMarked;
