@NullMarked
package io.sallyport.egress.audit;

import org.jspecify.annotations.NullMarked;
