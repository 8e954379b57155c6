package io.sallyport.rpc.process;

import org.jspecify.annotations.Nullable;

/// Names a process by pid or by tag; exactly one is present.
public record ProcessSelector(
        @Nullable Integer pid, @Nullable String tag) {
    public static ProcessSelector byPid(int pid) {
        return new ProcessSelector(pid, null);
    }

    @Override
    public String toString() {
        return pid != null ? "pid " + pid : "tag " + tag;
    }
}
