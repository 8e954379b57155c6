@NullMarked
package io.sallyport.gateway.host;

import org.jspecify.annotations.NullMarked;
