/// The REST door. Shapes and codes are those the E2B clients expect, see reference/sandbox-api.md §2.
///
/// Starting point: [Api].
@NullMarked
package io.sallyport.control.api;

import org.jspecify.annotations.NullMarked;
