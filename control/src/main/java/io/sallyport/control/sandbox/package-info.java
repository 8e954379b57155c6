/// The life of a sandbox
///
/// Starting point: [ which step may follow which, and who takes it.:Lifecycle].
@NullMarked
package io.sallyport.control.sandbox;

import org.jspecify.annotations.NullMarked;
