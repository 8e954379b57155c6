@NullMarked
package io.sallyport.egress;

import org.jspecify.annotations.NullMarked;
