@NullMarked
package io.sallyport.control.tenant;

import org.jspecify.annotations.NullMarked;
