package io.sallyport.guest.process;

import io.sallyport.guest.LogRing;
import io.sallyport.guest.Session;
import io.sallyport.guest.Users;
import io.sallyport.guest.boot.Accounts.Account;
import io.sallyport.guest.outbound.Outbound;
import io.sallyport.guest.process.Spawn.Streams;
import io.sallyport.guest.pty.Terminal;
import io.sallyport.kit.Libc;
import io.sallyport.relay.env.Environment;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.ProcessSelector;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The commands of this sandbox, by pid.
///
/// - **Threads**: any.
/// - **Limits**: an ended command can be asked for during [#END_KEPT], and an ended terminal during
///   [#TERMINAL_KEPT], the last [#ENDED_TERMINALS_MAX] of them; [#TERMINALS_MAX] terminals, of whose output
///   [#KEPT_BYTES] are kept, and beyond [#MUCH_KEPT_MAX] of them a window each.
public final class Processes {
    private static final Duration END_KEPT = Duration.ofSeconds(30);
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Duration TERMINAL_KEPT = Duration.ofMinutes(10);
    private static final int TERMINALS_MAX = 1_024;
    private static final int ENDED_TERMINALS_MAX = 32;
    private static final int KEPT_BYTES = 1 << 20;
    private static final int MUCH_KEPT_MAX = 128;
    private static final int NO_PIPE = -1;

    private final Children children;
    private final Users users;
    private final Session session;
    private final LogRing log;
    private final Outbound outbound;
    private final Map<Integer, Running> byPid = new ConcurrentHashMap<>();
    private final Map<String, RunningTerminal> terminals = new ConcurrentHashMap<>();
    private final Queue<String> endedTerminals = new ConcurrentLinkedQueue<>();
    private final SecureRandom ids = new SecureRandom();
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("later").factory());

    public Processes(Children children, Users users, Session session, LogRing log, Outbound outbound) {
        this.children = children;
        this.users = users;
        this.session = session;
        this.log = log;
        this.outbound = outbound;
        later.setKeepAliveTime(1, TimeUnit.MINUTES);
        later.allowCoreThreadTimeOut(true);
        later.setRemoveOnCancelPolicy(true); // or a command is held until its longest life is over
    }

    /// Lets go of the file that our own output goes to while we start: from now on there is strange code
    /// around, which
    /// could fill it. What we have to say goes to the log.
    public static void dropOwnOutput() throws IOException {
        Posix.dropOutput();
    }

    /// Keeps root of the sandbox from tracing us, too: it holds no capability for that, and we are its equal
    /// otherwise.
    public static void refuseTracing() throws IOException {
        Posix.becomeUndumpable();
    }

    /// Starts a command and gives it with its first follower. It is killed after `lifeMax`, when that is given.
    Running.Follower start(
            ProcessConfig config, @Nullable String tag, boolean stdin, Account user, @Nullable Duration lifeMax)
            throws RpcException {
        var command = command(config, user);
        var process = new RunningProcess(config, tag, log);
        var follower = process.follow();
        try {
            spawn(process, command, stdin);
        } catch (IOException e) {
            throw cannotStart(config, e);
        }
        killAfter(process, lifeMax);
        return follower;
    }

    /// Runs a command that nobody follows; what it writes goes to the log.
    public void runAlone(ProcessConfig config, Account user, Duration lifeMax) throws RpcException {
        start(config, null, false, user, lifeMax).close();
    }

    /// Starts a command in a new terminal. It is killed after `lifeMax`, when that is given.
    public RunningTerminal startInTerminal(
            ProcessConfig config, @Nullable String tag, Size size, Account user, @Nullable Duration lifeMax)
            throws RpcException {
        var command = command(config, user);
        int open = terminals.size();
        if (open >= TERMINALS_MAX) {
            throw new RpcException(RpcCode.RESOURCE_EXHAUSTED, "limit of terminals in a sandbox: " + TERMINALS_MAX);
        }
        int kept = open < MUCH_KEPT_MAX ? KEPT_BYTES : TerminalApi.WINDOW_BYTES;
        try {
            var process = spawnInTerminal(config, tag, command, Terminal.open(user.uid(), size, kept));
            killAfter(process, lifeMax);
            return process;
        } catch (IOException e) {
            throw cannotStart(config, e);
        }
    }

    private RunningTerminal spawnInTerminal(
            ProcessConfig config, @Nullable String tag, Command command, Terminal terminal) throws IOException {
        var id = "t-" + HexFormat.of().toHexDigits(ids.nextInt());
        var process = new RunningTerminal(id, config, tag, terminal, log);
        int pid;
        try {
            pid = children.spawn(command.with(new Streams.Tty(terminal.file())), process::exited);
        } catch (IOException e) {
            terminal.abandon();
            throw e;
        }
        byPid.put(pid, process);
        terminals.put(id, process);
        log.report("pid " + pid + " started by " + command.user().name() + " in a terminal: "
                + String.join(" ", command.argv()));
        process.started(pid, () -> {
            forgetLater(process);
            keepForAWhile(id);
        });
        return process;
    }

    private void keepForAWhile(String id) {
        endedTerminals.add(id);
        if (endedTerminals.size() > ENDED_TERMINALS_MAX) {
            forgetTerminal(endedTerminals.peek());
        }
        var _ = later.schedule(() -> forgetTerminal(id), TERMINAL_KEPT.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void forgetTerminal(@Nullable String id) {
        if (id != null && endedTerminals.remove(id)) {
            var forgotten = terminals.remove(id);
            if (forgotten != null) {
                forgotten.terminal().output().forget();
            }
        }
    }

    /// A program that was found, and all it needs but its input and output.
    private record Command(
            Path program, List<String> argv, Map<String, String> environment, Path directory, Account user) {
        Spawn.Program with(Streams streams) {
            return new Spawn.Program(program, argv, environment, directory, user, streams);
        }
    }

    private Command command(ProcessConfig config, Account user) throws RpcException {
        refuseNul(config);
        var environment = environment(config, user);
        var directory = directory(config, user);
        var program = program(config.cmd(), environment.getOrDefault("PATH", PATH), directory);
        var argv = new ArrayList<String>();
        argv.add(config.cmd());
        argv.addAll(config.args());
        return new Command(program, argv, environment, directory, user);
    }

    private static RpcException cannotStart(ProcessConfig config, IOException e) {
        return new RpcException(RpcCode.INVALID_ARGUMENT, "cannot start " + config.cmd() + ": " + reason(e));
    }

    private void killAfter(Running process, @Nullable Duration lifeMax) {
        if (lifeMax != null) {
            process.endsBy(later.schedule(() -> kill(process), lifeMax.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void spawn(RunningProcess process, Command command, boolean stdin) throws IOException {
        int[] in = {NO_PIPE, NO_PIPE};
        int[] out = {NO_PIPE, NO_PIPE};
        int[] err = {NO_PIPE, NO_PIPE};
        int pid = 0;
        try {
            in = stdin ? Posix.pipe() : in;
            out = Posix.pipe();
            err = Posix.pipe();
            pid = children.spawn(command.with(new Streams.Descriptors(in[0], out[1], err[1])), process::exited);
        } finally {
            closeAll(in[0], out[1], err[1]);
            if (pid == 0) {
                closeAll(in[1], out[0], err[0]);
            }
        }
        byPid.put(pid, process);
        log.report("pid " + pid + " started by " + command.user().name() + ": " + String.join(" ", command.argv()));
        process.started(pid, in[1], out[0], err[0], () -> forgetLater(process));
    }

    Running find(@Nullable ProcessSelector selector) throws RpcException {
        if (selector != null) {
            for (var process : byPid.values()) {
                boolean named = selector.tag() != null && selector.tag().equals(process.tag());
                if (named || (selector.pid() != null && selector.pid() == process.pid())) {
                    return process;
                }
            }
        }
        throw new RpcException(RpcCode.NOT_FOUND, "process with " + selector + " not found");
    }

    List<Running> running() {
        return byPid.values().stream().filter(process -> !process.ended()).toList();
    }

    /// A terminal, also one that has ended lately.
    public Optional<RunningTerminal> terminal(String id) {
        return Optional.ofNullable(terminals.get(id));
    }

    /// All terminals, those that have ended lately among them.
    public List<RunningTerminal> terminals() {
        return List.copyOf(terminals.values());
    }

    void signal(Running process, int signal) throws RpcException {
        process.markSignalled();
        try {
            if (process.ended() || !children.signal(process.pid(), signal)) {
                throw new RpcException(RpcCode.NOT_FOUND, "process with pid " + process.pid() + " has ended");
            }
        } catch (IOException e) {
            throw new RpcException(RpcCode.INTERNAL, "signal to pid " + process.pid() + ": " + e.getMessage());
        }
    }

    private void kill(Running process) {
        try {
            signal(process, Signals.KILL);
        } catch (RpcException e) {
            // It ended by itself, which is all that was wanted.
        }
    }

    private void forgetLater(Running process) {
        var _ = later.schedule(() -> byPid.remove(process.pid(), process), END_KEPT.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// What the kernel takes for the end of a text cannot be part of one.
    private static void refuseNul(ProcessConfig config) throws RpcException {
        var texts = new ArrayList<>(config.args());
        texts.add(config.cmd());
        texts.add(Objects.requireNonNullElse(config.cwd(), ""));
        texts.addAll(config.envs().keySet());
        texts.addAll(config.envs().values());
        for (var text : texts) {
            if (text.indexOf('\0') >= 0) {
                throw new RpcException(RpcCode.INVALID_ARGUMENT, "an argument, a variable or cwd has a NUL character");
            }
        }
    }

    /// Nothing is inherited: the way out, a fixed start, then what the session says, then what the request says.
    private Map<String, String> environment(ProcessConfig config, Account user) throws RpcException {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", PATH);
        environment.put("HOME", user.home().toString());
        environment.put("USER", user.name());
        environment.put("LOGNAME", user.name());
        environment.putAll(session.current().envVars());
        environment.putAll(config.envs());
        return Environment.under(outbound.environment(), environment);
    }

    private Path directory(ProcessConfig config, Account user) throws RpcException {
        var given = Objects.requireNonNullElse(config.cwd(), "");
        var directory = users.resolve(given, user);
        if (Files.isDirectory(directory)) {
            return directory;
        }
        if (given.isEmpty()) {
            return Path.of("/");
        }
        throw new RpcException(RpcCode.INVALID_ARGUMENT, "cwd '" + given + "' does not exist");
    }

    private static Path program(String cmd, String path, Path directory) throws RpcException {
        if (cmd.isEmpty()) {
            throw new RpcException(RpcCode.INVALID_ARGUMENT, "cmd: empty (expected: a program)");
        }
        if (cmd.indexOf('/') >= 0) {
            return directory.resolve(cmd);
        }
        for (var folder : path.split(":", -1)) {
            var candidate = directory.resolve(folder).resolve(cmd);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new RpcException(RpcCode.INVALID_ARGUMENT, "cmd '" + cmd + "' not found in " + path);
    }

    private static String reason(IOException e) {
        if (e instanceof Libc.ErrnoException errno) {
            return switch (errno.errno()) {
                case 2 -> "no such file";
                case 8 -> "not in a format this machine can execute";
                case 13 -> "permission denied";
                default -> String.valueOf(errno.getMessage());
            };
        }
        return String.valueOf(e.getMessage());
    }

    private static void closeAll(int... descriptors) {
        for (int fd : descriptors) {
            if (fd != NO_PIPE) {
                Libc.close(fd);
            }
        }
    }
}
