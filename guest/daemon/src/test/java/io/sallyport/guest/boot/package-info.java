@NullMarked
package io.sallyport.guest.boot;

import org.jspecify.annotations.NullMarked;
