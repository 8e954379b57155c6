/// The command line: one file per command.
///
/// Starting points: [Cli] lists the commands; [Settings] says where the platform is, [ApiClient] and [Guest] talk
/// to it.
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
