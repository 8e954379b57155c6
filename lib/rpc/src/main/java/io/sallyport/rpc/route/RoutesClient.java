package io.sallyport.rpc.route;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.Following;
import io.sallyport.rpc.Nothing;
import io.sallyport.rpc.RpcClient;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.route.RouteApi.Found;
import io.sallyport.rpc.route.RouteApi.Lesson;
import io.sallyport.rpc.route.RouteApi.Question;
import io.sallyport.rpc.route.RouteApi.Report;
import io.sallyport.rpc.route.RouteApi.Told;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.net.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// [Routes] of a control plane on another machine. Each call has a connection of its own.
///
/// - **Limits**: [#CALL_WAIT] for a call; [#SILENCE_MAX] without a sign of life ends a watch, which then begins
///   again and says [Routes.Watcher#reset()].
public final class RoutesClient implements Routes {
    private static final Duration CALL_WAIT = Duration.ofSeconds(5);
    private static final Duration SILENCE_MAX = RoutesServer.HEARTBEAT.multipliedBy(3);
    private static final String HOST = "control";

    private final RpcClient.Dialer dialer;
    private final RpcClient rpc;

    /// A client.
    ///
    /// @param dialer opens a connection to the control plane
    public RoutesClient(RpcClient.Dialer dialer) {
        this.dialer = dialer;
        this.rpc = new RpcClient(() -> withDeadline(dialer.dial(), CALL_WAIT), Headers.of("Host", HOST));
    }

    private static Connection withDeadline(Connection connection, Duration wait) {
        connection.deadline(Deadline.after(wait));
        return connection;
    }

    @Override
    public Optional<Route> find(SandboxId sandbox) throws UndecidedException {
        return Optional.ofNullable(
                call(RouteApi.FIND, new RouteApi.Sandbox(sandbox), Found.class).route());
    }

    @Override
    public Opening opens(SandboxId sandbox, Port port, Credential credential) throws UndecidedException {
        return call(RouteApi.OPENS, new Question(sandbox, port, credential), Opening.class);
    }

    @Override
    public void learned(SandboxId sandbox, Port port, HeaderProfile profile) throws UndecidedException {
        var _ = call(RouteApi.LEARNED, new Lesson(sandbox, port, profile), Nothing.class);
    }

    @Override
    public void report(List<PortTraffic> traffic) throws UndecidedException {
        var _ = call(RouteApi.REPORT, new Report(traffic), Nothing.class);
    }

    @Override
    public Closeable watch(Watcher watcher) {
        return Following.start(dialer, HOST, RouteApi.WATCH, Told.class, SILENCE_MAX, told -> {
            if (told.reset()) {
                watcher.reset();
            } else if (told.credentials()) {
                watcher.credentialsChanged();
            } else if (told.changed() != null) {
                watcher.changed(told.changed());
            }
        });
    }

    private <R extends Record> R call(String path, Record request, Class<R> type) throws UndecidedException {
        try {
            return rpc.unary(path, request, type);
        } catch (IOException | RpcException e) {
            throw new UndecidedException("control plane: " + e.getMessage(), e);
        }
    }
}
