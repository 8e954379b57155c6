@NullMarked
package io.sallyport.relay.env;

import org.jspecify.annotations.NullMarked;
