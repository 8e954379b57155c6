@NullMarked
package io.sallyport.relay;

import org.jspecify.annotations.NullMarked;
