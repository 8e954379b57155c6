@NullMarked
package io.sallyport.agent.outbound;

import org.jspecify.annotations.NullMarked;
