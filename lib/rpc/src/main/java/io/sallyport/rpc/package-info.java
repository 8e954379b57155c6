/// The Connect protocol, JSON codec, over HTTP/1.1: unary and server-streaming calls.
///
/// Starting points: [RpcServer] and [RpcClient]; [Envelope] is the framing of streams, [RpcCode] the list of errors.
///
/// Messages are records, see [io.sallyport.rpc.json.RecordJson]. No code is generated.
@NullMarked
package io.sallyport.rpc;

import org.jspecify.annotations.NullMarked;
