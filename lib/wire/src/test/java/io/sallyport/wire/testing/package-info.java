/// What the tests of this module share.
@NullMarked
package io.sallyport.wire.testing;

import org.jspecify.annotations.NullMarked;
