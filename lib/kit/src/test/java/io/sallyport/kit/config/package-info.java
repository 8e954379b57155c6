@NullMarked
package io.sallyport.kit.config;

import org.jspecify.annotations.NullMarked;
