/// The guest daemon: PID 1 of a sandbox and the only process of ours inside it.
///
/// Starting points: [GuestMain] starts, [Guest] wires, [GuestHttp] is the door.
///
/// It trusts nobody without the access token, and holds that token in memory only.
@NullMarked
package io.sallyport.guest;

import org.jspecify.annotations.NullMarked;
