/// Records to JSON and back, the way protobuf maps messages.
///
/// Starting point: [RecordJson].
@NullMarked
package io.sallyport.rpc.json;

import org.jspecify.annotations.NullMarked;
