/// Mutual TLS 1.3 between programs of one installation.
///
/// Starting points: [TlsIdentity], [TlsConnection].
@NullMarked
package io.sallyport.wire.tls;

import org.jspecify.annotations.NullMarked;
