/// Names and addresses of hosts, read strictly: one spelling for each, and whatever two programs could read
/// differently is refused. Pure; nothing here resolves a name.
///
/// Starting points: [Destination] is what CONNECT asks for; [AddressClass] says which addresses are never public.
@NullMarked
package io.sallyport.wire.address;

import org.jspecify.annotations.NullMarked;
