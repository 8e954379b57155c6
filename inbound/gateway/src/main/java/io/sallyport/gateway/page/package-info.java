/// Every way a request can end without an app's answer.
///
/// Starting point: [Outcome].
@NullMarked
package io.sallyport.gateway.page;

import org.jspecify.annotations.NullMarked;
