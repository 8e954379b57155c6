@NullMarked
package io.sallyport.control.sandbox;

import org.jspecify.annotations.NullMarked;
