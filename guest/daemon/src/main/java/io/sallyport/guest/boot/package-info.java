/// Makes whatever root filesystem the sandbox has fit to work in: accounts, home, `/tmp`.
///
/// Starting points: [Prepare] and [Accounts].
///
/// It happens in here, inside the sandbox, and not on the host: a hostile template can point `/etc` anywhere it likes.
@NullMarked
package io.sallyport.guest.boot;

import org.jspecify.annotations.NullMarked;
