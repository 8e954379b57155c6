@NullMarked
package io.sallyport.relay.transparent;

import org.jspecify.annotations.NullMarked;
