@NullMarked
package io.sallyport.rpc.json;

import org.jspecify.annotations.NullMarked;
