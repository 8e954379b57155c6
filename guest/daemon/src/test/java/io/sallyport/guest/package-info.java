@NullMarked
package io.sallyport.guest;

import org.jspecify.annotations.NullMarked;
