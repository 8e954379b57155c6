@NullMarked
package io.sallyport.relay.listen;

import org.jspecify.annotations.NullMarked;
