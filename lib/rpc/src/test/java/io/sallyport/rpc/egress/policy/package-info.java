@NullMarked
package io.sallyport.rpc.egress.policy;

import org.jspecify.annotations.NullMarked;
