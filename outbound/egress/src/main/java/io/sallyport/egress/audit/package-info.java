/// What left, where to, and what did not: one chained line for each decision.
///
/// Starting point: [AuditLog]. Pure: [AuditLine], [Draft], [Clean].
@NullMarked
package io.sallyport.egress.audit;

import org.jspecify.annotations.NullMarked;
