@NullMarked
package io.sallyport.wire.net;

import org.jspecify.annotations.NullMarked;
