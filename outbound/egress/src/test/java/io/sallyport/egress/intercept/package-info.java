@NullMarked
package io.sallyport.egress.intercept;

import org.jspecify.annotations.NullMarked;
