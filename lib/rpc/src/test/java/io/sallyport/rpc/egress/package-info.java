@NullMarked
package io.sallyport.rpc.egress;

import org.jspecify.annotations.NullMarked;
