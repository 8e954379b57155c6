package io.sallyport.rpc.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The processes that were started by `Start` and still run.
public record ListResponse(List<ProcessInfo> processes) {
    public ListResponse(@Nullable List<ProcessInfo> processes) {
        this.processes = processes == null ? List.of() : List.copyOf(processes);
    }

    /// A running process.
    public record ProcessInfo(
            @Nullable ProcessConfig config,
            int pid,
            @Nullable String tag) {}
}
