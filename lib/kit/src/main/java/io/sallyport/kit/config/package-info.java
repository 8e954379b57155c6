/// Settings: defaults, then a file, then the environment, then flags.
///
/// Starting point: [Config].
@NullMarked
package io.sallyport.kit.config;

import org.jspecify.annotations.NullMarked;
