package io.sallyport.guest.process;

import io.sallyport.guest.Users;
import io.sallyport.guest.boot.Accounts.Account;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.Empty;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.RpcServer.Call;
import io.sallyport.rpc.RpcServer.Sink;
import io.sallyport.rpc.process.CloseStdinRequest;
import io.sallyport.rpc.process.ConnectRequest;
import io.sallyport.rpc.process.ListResponse;
import io.sallyport.rpc.process.ListResponse.ProcessInfo;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.SendInputRequest;
import io.sallyport.rpc.process.SendSignalRequest;
import io.sallyport.rpc.process.SendSignalRequest.Signal;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.rpc.process.UpdateRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// `process.Process` on the wire. Source: reference/sandbox-api.md §3.4.
public final class ProcessService {
    private static final Duration KEEPALIVE_DEFAULT = Duration.ofSeconds(90);

    private static final Duration FAREWELL_WAIT = Duration.ofMillis(150);
    private static final Duration LAST_WORD_WAIT = Duration.ofMillis(200);
    private static final Duration FAREWELL_STEP = Duration.ofMillis(1);

    private final Processes processes;
    private final Users users;
    private final Set<Thread> following = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    public ProcessService(Processes processes, Users users) {
        this.users = users;
        this.processes = processes;
    }

    public void addTo(RpcServer rpc) {
        rpc.unary(ProcessApi.LIST, Empty.class, (call, request) -> list());
        rpc.streaming(ProcessApi.START, StartRequest.class, this::start);
        rpc.streaming(ProcessApi.CONNECT, ConnectRequest.class, this::connect);
        rpc.unary(ProcessApi.UPDATE, UpdateRequest.class, (call, request) -> update(request));
        rpc.unary(ProcessApi.SEND_INPUT, SendInputRequest.class, (call, request) -> sendInput(request));
        rpc.unary(ProcessApi.CLOSE_STDIN, CloseStdinRequest.class, (call, request) -> {
            processes.find(request.process()).closeStdin();
            return new Empty();
        });
        rpc.unary(ProcessApi.SEND_SIGNAL, SendSignalRequest.class, (call, request) -> sendSignal(request));
    }

    private ListResponse list() {
        return new ListResponse(processes.running().stream()
                .map(process -> new ProcessInfo(process.config(), process.pid(), process.tag()))
                .toList());
    }

    private void start(Call call, StartRequest request, Sink<StartResponse> events) throws RpcException, IOException {
        var config = request.process();
        if (config == null) {
            throw new RpcException(RpcCode.INVALID_ARGUMENT, "process: absent (expected: what to run)");
        }
        var user = users.of(call.headers());
        var lifeMax = call.timeout().orElse(null);
        var deadline = deadline(call); // before the one that kills, so that the stream ends with that reason
        try (var follower = begin(config, request, user, lifeMax)) {
            events.send(StartResponse.started(follower.pid()));
            follow(call, follower, deadline, events);
        }
    }

    private Running.Follower begin(ProcessConfig config, StartRequest request, Account user, @Nullable Duration lifeMax)
            throws RpcException {
        var pty = request.pty();
        if (pty != null) {
            var size = RunningTerminal.valid(pty.size());
            return processes
                    .startInTerminal(config, request.tag(), size, user, lifeMax)
                    .followFromTheStart();
        }
        boolean stdin = request.stdin() == null || request.stdin();
        return processes.start(config, request.tag(), stdin, user, lifeMax);
    }

    private void connect(Call call, ConnectRequest request, Sink<StartResponse> events)
            throws RpcException, IOException {
        try (var follower = processes.find(request.process()).follow()) {
            events.send(StartResponse.started(follower.pid()));
            follow(call, follower, deadline(call), events);
        }
    }

    /// Tells everybody who follows a command that the sandbox ends.
    public void farewell() {
        ending = true;
        if (following.isEmpty()) {
            return;
        }
        following.forEach(Thread::interrupt);
        var deadline = Deadline.after(FAREWELL_WAIT);
        while (!following.isEmpty() && !deadline.passed()) {
            LockSupport.parkNanos(FAREWELL_STEP.toNanos());
        }
        LockSupport.parkNanos(LAST_WORD_WAIT.toNanos()); // which are written when nobody follows any more
    }

    private void follow(Call call, Running.Follower follower, Deadline deadline, Sink<StartResponse> events)
            throws RpcException, IOException {
        following.add(Thread.currentThread());
        try {
            followToTheEnd(call, follower, deadline, events);
        } finally {
            following.remove(Thread.currentThread());
        }
    }

    private void followToTheEnd(Call call, Running.Follower follower, Deadline deadline, Sink<StartResponse> events)
            throws RpcException, IOException {
        var keepalive = keepalive(call);
        while (true) {
            var wait = deadline.earlier(Deadline.after(keepalive)).remaining();
            @Nullable StartResponse event = follower.next(wait);
            if (ending) {
                boolean _ = Thread.interrupted(); // else nothing can be said any more
                throw new RpcException(RpcCode.UNAVAILABLE, "the sandbox has ended");
            }
            if (deadline.passed()) {
                throw new RpcException(RpcCode.DEADLINE_EXCEEDED, "the time given with Connect-Timeout-Ms is over");
            }
            events.send(event == null ? StartResponse.idle() : event);
            if (event != null && event.event() != null && event.event().end() != null) {
                return;
            }
        }
    }

    private static Deadline deadline(Call call) {
        return call.timeout().map(Deadline::after).orElse(Deadline.NEVER);
    }

    private static Duration keepalive(Call call) {
        return call.headers()
                .first(ProcessApi.KEEPALIVE_HEADER)
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(KEEPALIVE_DEFAULT);
    }

    private Empty update(UpdateRequest request) throws RpcException {
        var process = processes.find(request.process());
        var pty = request.pty();
        if (pty == null || pty.size() == null) {
            throw new RpcException(RpcCode.INVALID_ARGUMENT, "pty.size: absent (expected: cols and rows)");
        }
        process.resize(pty.size());
        return new Empty();
    }

    private Empty sendInput(SendInputRequest request) throws RpcException {
        var process = processes.find(request.process());
        var input = request.input();
        if (input != null && input.stdin() != null) {
            process.writeStdin(input.stdin());
        } else if (input != null && input.pty() != null) {
            process.writePty(input.pty());
        } else {
            throw new RpcException(RpcCode.INVALID_ARGUMENT, "input: absent (expected: stdin or pty)");
        }
        return new Empty();
    }

    private Empty sendSignal(SendSignalRequest request) throws RpcException {
        var process = processes.find(request.process());
        var signal = request.signal();
        if (signal == null || signal == Signal.SIGNAL_UNSPECIFIED) {
            throw new RpcException(RpcCode.UNIMPLEMENTED, "signal: unspecified (expected: HUP, INT, KILL or TERM)");
        }
        processes.signal(process, signal.number());
        return new Empty();
    }
}
