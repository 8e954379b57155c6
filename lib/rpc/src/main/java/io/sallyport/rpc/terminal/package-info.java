/// What is said to and by the terminals of a sandbox: see docs/terminals.md.
///
/// Starting points: [TerminalApi], [FromViewer], [ToViewer].
@NullMarked
package io.sallyport.rpc.terminal;

import org.jspecify.annotations.NullMarked;
