package io.sallyport.rpc.host;

import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.Following;
import io.sallyport.rpc.Nothing;
import io.sallyport.rpc.RpcClient;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.host.HostApi.Done;
import io.sallyport.rpc.host.HostApi.Heard;
import io.sallyport.rpc.host.HostApi.Hosted;
import io.sallyport.rpc.host.HostApi.Logged;
import io.sallyport.rpc.host.HostApi.Names;
import io.sallyport.rpc.host.HostApi.Refusal;
import io.sallyport.rpc.host.HostApi.Told;
import io.sallyport.rpc.host.HostException.Kind;
import io.sallyport.rpc.json.JsonException;
import io.sallyport.rpc.json.RecordJson;
import io.sallyport.wire.dial.Listening;
import io.sallyport.wire.http1.Framing;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.http1.HttpClient;
import io.sallyport.wire.http1.HttpLimits;
import io.sallyport.wire.http1.RequestHead;
import io.sallyport.wire.net.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A [HostAgent] on another machine. Each call has a connection of its own.
///
/// - **Errors**: what cannot be reached, or breaks off, is [Kind#UNREACHABLE].
/// - **Limits**: [#CALL_WAIT] for a call; [#SILENCE_MAX] without a sign of life ends a watch, which then begins
///   again.
public final class HostAgentClient implements HostAgent {
    private static final Duration CALL_WAIT = Duration.ofMinutes(5);
    private static final Duration SILENCE_MAX = HostAgentServer.HEARTBEAT.multipliedBy(3);
    private static final String HOST = "agent";
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private final String name;
    private final RpcClient.Dialer dialer;
    private final RpcClient rpc;

    /// A client.
    ///
    /// @param name of the host, for errors
    /// @param dialer opens a connection to the agent
    public HostAgentClient(String name, RpcClient.Dialer dialer) {
        this.name = name;
        this.dialer = dialer;
        this.rpc = new RpcClient(() -> withDeadline(dialer.dial(), CALL_WAIT), Headers.of("Host", HOST));
    }

    private static Connection withDeadline(Connection connection, Duration wait) {
        connection.deadline(Deadline.after(wait));
        return connection;
    }

    @Override
    public void create(SandboxSpec spec) throws HostException {
        require(call(HostApi.CREATE, spec, Done.class).refusal());
    }

    @Override
    public void destroy(SandboxId sandbox) throws HostException {
        require(call(HostApi.DESTROY, new HostApi.Sandbox(sandbox), Done.class).refusal());
    }

    @Override
    public void pause(SandboxId sandbox) throws HostException {
        require(call(HostApi.PAUSE, new HostApi.Sandbox(sandbox), Done.class).refusal());
    }

    @Override
    public void resume(SandboxId sandbox) throws HostException {
        require(call(HostApi.RESUME, new HostApi.Sandbox(sandbox), Done.class).refusal());
    }

    @Override
    public List<HostedSandbox> list() throws HostException {
        return call(HostApi.LIST, new Nothing(), Hosted.class).sandboxes();
    }

    @Override
    public byte[] log(SandboxId sandbox) throws HostException {
        var logged = call(HostApi.LOG, new HostApi.Sandbox(sandbox), Logged.class);
        require(logged.refusal());
        return logged.log();
    }

    @Override
    public Listening listening(SandboxId sandbox) throws HostException {
        var heard = call(HostApi.LISTENING, new HostApi.Sandbox(sandbox), Heard.class);
        require(heard.refusal());
        return Objects.requireNonNullElseGet(heard.listening(), () -> new Listening(List.of(), List.of()));
    }

    @Override
    public List<String> templates() throws HostException {
        return call(HostApi.TEMPLATES, new Nothing(), Names.class).names();
    }

    @Override
    public void importTemplate(String template, InputStream tar) throws HostException {
        try (var connection = withDeadline(dialer.dial(), CALL_WAIT)) {
            var http = new HttpClient(connection, HttpLimits.DEFAULT);
            var head = RequestHead.of("PUT", HostApi.TEMPLATE + template, Headers.of("Host", HOST));
            try (var body = http.send(head, Framing.CHUNKED)) {
                tar.transferTo(body);
            }
            var answer = http.readHead();
            byte[] json = http.body(Framing.of(answer, "PUT")).readNBytes(ANSWER_BYTES_MAX);
            require(RecordJson.read(json, Done.class).refusal());
        } catch (IOException | JsonException e) {
            throw unreachable(e);
        }
    }

    @Override
    public Closeable watch(Watcher watcher) {
        return Following.start(dialer, HOST, HostApi.WATCH, Told.class, SILENCE_MAX, told -> {
            if (told.reset()) {
                watcher.reset();
            }
            if (told.exited() != null) {
                watcher.exited(told.exited());
            }
        });
    }

    private <R extends Record> R call(String path, Record request, Class<R> type) throws HostException {
        try {
            return rpc.unary(path, request, type);
        } catch (IOException | RpcException e) {
            throw unreachable(e);
        }
    }

    private HostException unreachable(Exception e) {
        return new HostException(Kind.UNREACHABLE, "host " + name + ": " + e.getMessage(), e);
    }

    private static void require(@Nullable Refusal refusal) throws HostException {
        if (refusal != null) {
            throw refusal.toException();
        }
    }
}
