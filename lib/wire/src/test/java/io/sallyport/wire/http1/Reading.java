package io.sallyport.wire.http1;

import java.util.List;

/// What the engine makes of all the bytes of one connection.
///
/// @param messages the whole ones, before what the verdict is about
/// @param left bytes behind the last message that nobody reads as HTTP; 0 unless accepted
record Reading(List<Message> messages, Verdict verdict, int left) {
    Reading withoutStatus() {
        return new Reading(messages, verdict.withoutStatus(), left);
    }
}
