@NullMarked
package io.sallyport.egress.session;

import org.jspecify.annotations.NullMarked;
