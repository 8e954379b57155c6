@NullMarked
package io.sallyport.guest.process;

import org.jspecify.annotations.NullMarked;
