/// What is remembered, in SQL.
///
/// Starting point: [Database].
@NullMarked
package io.sallyport.control.store;

import org.jspecify.annotations.NullMarked;
