/// What the tests of this module share.
@NullMarked
package io.sallyport.egress.testing;

import org.jspecify.annotations.NullMarked;
