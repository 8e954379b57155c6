@NullMarked
package io.sallyport.egress.tunnel;

import org.jspecify.annotations.NullMarked;
