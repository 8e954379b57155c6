@NullMarked
package io.sallyport.agent.runtime;

import org.jspecify.annotations.NullMarked;
