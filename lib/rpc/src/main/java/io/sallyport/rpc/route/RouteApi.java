package io.sallyport.rpc.route;

import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The paths and messages of [Routes] between machines.
final class RouteApi {
    static final String FIND = "/sallyport.Routes/Find";
    static final String OPENS = "/sallyport.Routes/Opens";
    static final String LEARNED = "/sallyport.Routes/Learned";
    static final String REPORT = "/sallyport.Routes/Report";
    static final String WATCH = "/sallyport.Routes/Watch";

    private RouteApi() {}

    record Sandbox(SandboxId id) {}

    /// @param route null where there is none
    record Found(@Nullable Route route) {}

    record Question(SandboxId sandbox, Port port, Credential credential) {}

    record Lesson(SandboxId sandbox, Port port, HeaderProfile profile) {}

    record Report(List<PortTraffic> traffic) {
        Report(@Nullable List<PortTraffic> traffic) {
            this.traffic = Objects.requireNonNullElse(traffic, List.of());
        }
    }

    /// One of these, or none of them: then it says only that the watch lives.
    record Told(@Nullable SandboxId changed, boolean credentials, boolean reset) {
        static final Told ALIVE = new Told(null, false, false);
    }
}
