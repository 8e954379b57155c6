@NullMarked
package io.sallyport.kit;

import org.jspecify.annotations.NullMarked;
