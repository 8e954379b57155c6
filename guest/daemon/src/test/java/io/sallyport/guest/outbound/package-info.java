@NullMarked
package io.sallyport.guest.outbound;

import org.jspecify.annotations.NullMarked;
