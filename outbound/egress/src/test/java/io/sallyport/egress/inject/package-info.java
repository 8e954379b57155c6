@NullMarked
package io.sallyport.egress.inject;

import org.jspecify.annotations.NullMarked;
