@NullMarked
package io.sallyport.relay.http;

import org.jspecify.annotations.NullMarked;
