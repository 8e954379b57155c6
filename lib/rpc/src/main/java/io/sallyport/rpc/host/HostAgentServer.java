package io.sallyport.rpc.host;

import io.sallyport.rpc.Nothing;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.host.HostApi.Done;
import io.sallyport.rpc.host.HostApi.Heard;
import io.sallyport.rpc.host.HostApi.Hosted;
import io.sallyport.rpc.host.HostApi.Logged;
import io.sallyport.rpc.host.HostApi.Names;
import io.sallyport.rpc.host.HostApi.Refusal;
import io.sallyport.rpc.host.HostApi.Told;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.http1.Exchange;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Serves a [HostAgent] to the control plane.
public final class HostAgentServer {
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final HostAgent host;

    public HostAgentServer(HostAgent host) {
        this.host = host;
    }

    private interface Step {
        void run() throws HostException;
    }

    /// Adds the methods.
    public void addTo(RpcServer server) {
        server.unary(HostApi.CREATE, SandboxSpec.class, (call, spec) -> done(() -> host.create(spec)));
        server.unary(HostApi.DESTROY, HostApi.Sandbox.class, (call, of) -> done(() -> host.destroy(of.id())));
        server.unary(HostApi.PAUSE, HostApi.Sandbox.class, (call, of) -> done(() -> host.pause(of.id())));
        server.unary(HostApi.RESUME, HostApi.Sandbox.class, (call, of) -> done(() -> host.resume(of.id())));
        server.unary(HostApi.LIST, Nothing.class, (call, nothing) -> new Hosted(list()));
        server.unary(HostApi.TEMPLATES, Nothing.class, (call, nothing) -> new Names(templates()));
        server.unary(HostApi.LOG, HostApi.Sandbox.class, (call, of) -> {
            try {
                return new Logged(null, host.log(of.id()));
            } catch (HostException e) {
                return new Logged(refusal(e), null);
            }
        });
        server.unary(HostApi.LISTENING, HostApi.Sandbox.class, (call, of) -> {
            try {
                return new Heard(null, host.listening(of.id()));
            } catch (HostException e) {
                return new Heard(refusal(e), null);
            }
        });
        server.<Nothing, Told>streaming(HostApi.WATCH, Nothing.class, (call, nothing, told) -> watch(told));
    }

    /// Whether a path is of the one method that gateways may call.
    public static boolean isForGateways(String path) {
        return path.equals(HostApi.LISTENING);
    }

    /// Takes `PUT /sallyport/templates/{name}` with a tar stream; false when the request is for something else.
    public boolean handleTemplate(Exchange exchange) throws IOException {
        var path = exchange.request().path();
        if (!path.startsWith(HostApi.TEMPLATE) || !exchange.request().method().equals("PUT")) {
            return false;
        }
        exchange.sendContinue();
        Done done;
        try {
            host.importTemplate(path.substring(HostApi.TEMPLATE.length()), exchange.requestBody());
            done = new Done(null);
        } catch (HostException e) {
            done = new Done(refusal(e));
        }
        exchange.respond(200, Headers.of("Content-Type", "application/json"), RecordJson.write(done));
        return true;
    }

    private List<HostedSandbox> list() throws RpcException {
        try {
            return host.list();
        } catch (HostException e) {
            throw new RpcException(RpcCode.INTERNAL, String.valueOf(e.getMessage()));
        }
    }

    private List<String> templates() throws RpcException {
        try {
            return host.templates();
        } catch (HostException e) {
            throw new RpcException(RpcCode.INTERNAL, String.valueOf(e.getMessage()));
        }
    }

    private void watch(RpcServer.Sink<Told> told) throws IOException {
        var exits = new LinkedBlockingQueue<Told>();
        try (var _ = host.watch(exited -> exits.add(new Told(exited, false)))) {
            told.send(new Told(null, true));
            while (true) {
                var next = exits.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
                told.send(next == null ? new Told(null, false) : next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Done done(Step step) {
        try {
            step.run();
            return new Done(null);
        } catch (HostException e) {
            return new Done(refusal(e));
        }
    }

    private static Refusal refusal(HostException e) {
        return new Refusal(e.kind(), String.valueOf(e.getMessage()));
    }
}
