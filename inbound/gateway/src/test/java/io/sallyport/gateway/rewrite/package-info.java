@NullMarked
package io.sallyport.gateway.rewrite;

import org.jspecify.annotations.NullMarked;
