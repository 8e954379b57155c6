@NullMarked
package io.sallyport.gateway.admit;

import org.jspecify.annotations.NullMarked;
