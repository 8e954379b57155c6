@NullMarked
package io.sallyport.egress.dial;

import org.jspecify.annotations.NullMarked;
