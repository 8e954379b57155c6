package io.sallyport.rpc.route;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.Nothing;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.route.RouteApi.Found;
import io.sallyport.rpc.route.RouteApi.Lesson;
import io.sallyport.rpc.route.RouteApi.Question;
import io.sallyport.rpc.route.RouteApi.Report;
import io.sallyport.rpc.route.RouteApi.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Serves [Routes] to gateways.
public final class RoutesServer {
    static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final int TOLD_MAX = 10_000;

    private final Routes routes;

    public RoutesServer(Routes routes) {
        this.routes = routes;
    }

    private interface Answer<R> {
        R get() throws UndecidedException;
    }

    /// Adds the methods.
    public void addTo(RpcServer server) {
        server.unary(
                RouteApi.FIND,
                RouteApi.Sandbox.class,
                (call, of) -> decided(() -> new Found(routes.find(of.id()).orElse(null))));
        server.unary(
                RouteApi.OPENS,
                Question.class,
                (call, q) -> decided(() -> routes.opens(q.sandbox(), q.port(), q.credential())));
        server.unary(
                RouteApi.LEARNED,
                Lesson.class,
                (call, lesson) -> decided(() -> {
                    routes.learned(lesson.sandbox(), lesson.port(), lesson.profile());
                    return new Nothing();
                }));
        server.unary(
                RouteApi.REPORT,
                Report.class,
                (call, report) -> decided(() -> {
                    routes.report(report.traffic());
                    return new Nothing();
                }));
        server.<Nothing, Told>streaming(RouteApi.WATCH, Nothing.class, (call, nothing, told) -> watch(told));
    }

    private static <R> R decided(Answer<R> answer) throws RpcException {
        try {
            return answer.get();
        } catch (UndecidedException e) {
            throw new RpcException(RpcCode.UNAVAILABLE, "it cannot be decided now");
        }
    }

    /// Tells one gateway until it is gone. One that does not keep up is told to forget everything instead.
    private void watch(RpcServer.Sink<Told> told) throws IOException {
        var changes = new LinkedBlockingQueue<Told>(TOLD_MAX);
        try (var _ = routes.watch(new Queueing(changes))) {
            told.send(new Told(null, false, true));
            while (true) {
                var next = changes.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
                told.send(next == null ? Told.ALIVE : next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Queueing(BlockingQueue<Told> changes) implements Routes.Watcher {
        @Override
        public void changed(SandboxId sandbox) {
            add(new Told(sandbox, false, false));
        }

        @Override
        public void credentialsChanged() {
            add(new Told(null, true, false));
        }

        @Override
        public void reset() {
            add(new Told(null, false, true));
        }

        private void add(Told one) {
            if (!changes.offer(one)) {
                changes.clear();
                var _ = changes.offer(new Told(null, false, true));
            }
        }
    }
}
