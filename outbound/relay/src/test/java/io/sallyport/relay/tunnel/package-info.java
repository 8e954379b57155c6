@NullMarked
package io.sallyport.relay.tunnel;

import org.jspecify.annotations.NullMarked;
