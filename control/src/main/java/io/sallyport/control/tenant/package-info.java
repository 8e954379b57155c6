/// Teams and their API keys.
///
/// Starting point: [ApiKey].
@NullMarked
package io.sallyport.control.tenant;

import org.jspecify.annotations.NullMarked;
