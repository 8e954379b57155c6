@NullMarked
package io.sallyport.control.store;

import org.jspecify.annotations.NullMarked;
