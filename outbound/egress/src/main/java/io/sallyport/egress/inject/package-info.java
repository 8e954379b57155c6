/// Credentials: put into requests to the hosts they are bound to, and taken out of what those hosts answer.
///
/// Starting points: [Credentials] is what one sandbox may use; [Injection] fills one request; [Scrubbing] cleans one
/// answer.
@NullMarked
package io.sallyport.egress.inject;

import org.jspecify.annotations.NullMarked;
