@NullMarked
package io.sallyport.control.route;

import org.jspecify.annotations.NullMarked;
