/// `/files`: whole files in and out, streamed.
///
/// Starting points: [FilesEndpoint]; [Multipart] reads what browsers and the E2B clients send.
@NullMarked
package io.sallyport.guest.files;

import org.jspecify.annotations.NullMarked;
