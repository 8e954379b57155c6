package io.sallyport.bench.load;

import java.time.Duration;

/// What a load does.
public sealed interface Plan {
    /// Each connection asks again and again.
    record KeptAlive(Target target, int connections) implements Plan {}

    /// A connection for each small request.
    ///
    /// @param connections at a time
    record OneShot(int connections) implements Plan {}

    /// WebSocket messages, there and back.
    record Echoes(int connections) implements Plan {}

    /// Small requests at a fixed rate beside a load that is not counted.
    ///
    /// @param every when the next one is due, answered or not
    record Probe(Duration every, KeptAlive beside) implements Plan {}
}
