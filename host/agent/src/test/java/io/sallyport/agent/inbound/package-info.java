@NullMarked
package io.sallyport.agent.inbound;

import org.jspecify.annotations.NullMarked;
