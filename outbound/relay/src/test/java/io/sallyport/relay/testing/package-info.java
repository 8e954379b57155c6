@NullMarked
package io.sallyport.relay.testing;

import org.jspecify.annotations.NullMarked;
