@NullMarked
package io.sallyport.rpc;

import org.jspecify.annotations.NullMarked;
