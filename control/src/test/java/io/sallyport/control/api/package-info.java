@NullMarked
package io.sallyport.control.api;

import org.jspecify.annotations.NullMarked;
