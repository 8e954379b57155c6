package io.sallyport.rpc.process;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What to run.
///
/// @param cmd a path, or a name looked up in the `PATH` of `envs`
/// @param cwd absolute, relative to the home directory, or `~`; absent: the default directory
public record ProcessConfig(
        String cmd,
        List<String> args,
        Map<String, String> envs,
        @Nullable String cwd) {
    public ProcessConfig(
            @Nullable String cmd,
            @Nullable List<String> args,
            @Nullable Map<String, String> envs,
            @Nullable String cwd) {
        this.cmd = Objects.requireNonNullElse(cmd, "");
        this.args = args == null ? List.of() : List.copyOf(args);
        this.envs = envs == null ? Map.of() : Map.copyOf(envs);
        this.cwd = cwd;
    }
}
