@NullMarked
package io.sallyport.gateway;

import org.jspecify.annotations.NullMarked;
