/// What a keystroke costs on its way to a terminal and back, alone and beside everything else.
///
/// Starting points: [PtyBench] runs [PtyWorkload]s on [PtySubject]s, [Typist] is the program that measures.
@NullMarked
package io.sallyport.bench.pty;

import org.jspecify.annotations.NullMarked;
