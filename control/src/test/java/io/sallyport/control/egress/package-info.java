@NullMarked
package io.sallyport.control.egress;

import org.jspecify.annotations.NullMarked;
