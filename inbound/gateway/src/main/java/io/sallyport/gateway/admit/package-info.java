/// Who may reach a port, and how much of it.
///
/// Starting points: [Admission], [SandboxLimits].
@NullMarked
package io.sallyport.gateway.admit;

import org.jspecify.annotations.NullMarked;
