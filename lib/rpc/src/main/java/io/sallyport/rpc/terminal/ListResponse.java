package io.sallyport.rpc.terminal;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The terminals of a sandbox, those that ended lately among them.
public record ListResponse(List<TerminalInfo> terminals) {
    public ListResponse(@Nullable List<TerminalInfo> terminals) {
        this.terminals = List.copyOf(Objects.requireNonNullElse(terminals, List.of()));
    }
}
