@NullMarked
package io.sallyport.relay.boot;

import org.jspecify.annotations.NullMarked;
