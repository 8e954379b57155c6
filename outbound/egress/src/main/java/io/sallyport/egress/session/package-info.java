/// Who a sandbox is and what it may, and what it has open: the part of the gateway that changes while it runs.
///
/// Starting point: [Sessions]; an [Outlet] is one sandbox.
@NullMarked
package io.sallyport.egress.session;

import org.jspecify.annotations.NullMarked;
