/// Terminals on the wire: see docs/terminals.md.
///
/// Starting points: [TerminalService], [TerminalEndpoint].
@NullMarked
package io.sallyport.guest.terminal;

import org.jspecify.annotations.NullMarked;
