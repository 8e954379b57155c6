/// Mutual TLS 1.3 between programs of one installation, and a look at what other people's clients say first.
///
/// Starting points: [TlsIdentity], [ClientContext], [TlsConnection], [ClientHello].
@NullMarked
package io.sallyport.wire.tls;

import org.jspecify.annotations.NullMarked;
