/// What an app is told about where it is, and what it says about that is turned into where the client finds it.
///
/// Starting points: [ResponseRewrite], [Profiles].
@NullMarked
package io.sallyport.gateway.rewrite;

import org.jspecify.annotations.NullMarked;
