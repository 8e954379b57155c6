package io.sallyport.bench.pty;

import io.sallyport.bench.Tools;
import io.sallyport.bench.load.Entry;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessApi;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartRequest;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A platform with a sandbox for terminals and one for the app.
///
/// @param agentHome where the agent keeps its sandboxes
record Platform(Children children, Path agentHome, Api api, Door door, Entry app) implements Started {
    private static final int APP_PORT = 8080;
    private static final String APP_FILE = "/tmp/app";
    private static final int APP_WAIT_STEPS = 200;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    static Platform start(boolean apart, Path directory, Path program) throws IOException {
        var children = Children.in(directory);
        try {
            int port = Machine.freePort();
            if (apart) {
                startApart(children, directory, port);
            } else {
                var home = directory.resolve("control").toString();
                children.startUntilReady("up", sallyport("up", "--home", home, "--listen", "localhost:" + port));
            }
            var key = Files.readAllLines(directory.resolve("control/credentials"))
                    .getLast()
                    .substring("key=".length());
            var api = new Api(Machine.local(port), key);
            children.beforeEnd(api::killAll);
            var agentHome = directory.resolve(apart ? "agent/agent" : "control/agent");
            return new Platform(children, agentHome, api, api.door(api.create()), startApp(api, program));
        } catch (IOException e) {
            children.close();
            throw e;
        }
    }

    private static void startApart(Children children, Path directory, int port) throws IOException {
        var tls = directory.resolve("tls");
        Tools.output(sallyport("ca", "init", tls.toString()).toArray(String[]::new));
        int agent = Machine.freePort();
        int control = Machine.freePort();
        children.startUntilReady(
                "agent",
                withConfig(
                        directory,
                        "agent",
                        List.of("agent"),
                        List.of("agent.listen = localhost:" + agent, "agent.home = " + directory.resolve("agent"))));
        var up = List.of(
                "up",
                "--without",
                "agent,gateway",
                "--listen",
                "localhost:" + port,
                "--home",
                directory.resolve("control").toString());
        children.startUntilReady(
                "control",
                withConfig(
                        directory,
                        "control",
                        up,
                        List.of("control.listen = localhost:" + control, "control.agents = localhost:" + agent)));
        children.startUntilReady(
                "gateway",
                withConfig(
                        directory,
                        "gateway",
                        List.of("gateway"),
                        List.of(
                                "control.address = localhost:" + control,
                                "ingress.listen = 127.0.0.1:" + port,
                                "ingress.domain = localhost",
                                "log.access = " + directory.resolve("access.log"))));
    }

    private static List<String> withConfig(Path directory, String role, List<String> words, List<String> settings)
            throws IOException {
        var lines = new ArrayList<>(settings);
        lines.add("tls.certificate = " + directory.resolve("tls/" + role + ".crt"));
        lines.add("tls.key = " + directory.resolve("tls/" + role + ".key"));
        lines.add("tls.authority = " + directory.resolve("tls/ca.crt"));
        var file = Files.write(directory.resolve(role + ".conf"), lines);
        var all = new ArrayList<>(words);
        all.addAll(List.of("--config", file.toString()));
        return sallyport(all.toArray(String[]::new));
    }

    private static List<String> sallyport(String... words) {
        var options = new ArrayList<>(Tools.words(System.getProperty("sallyport.bench.java.options", "")));
        options.add("-Dsallyport.guest.image=" + System.getProperty("sallyport.guest.image"));
        return Machine.java(options, "io.sallyport.app.Main", List.of(words));
    }

    /// Copies the app into a sandbox, and waits until it answers through the gateway.
    private static Entry startApp(Api api, Path program) throws IOException {
        var sandbox = api.create();
        var headers = sandbox.headers().with("Content-Type", "application/octet-stream");
        Http.call(api.address(), "POST", "/files?path=" + APP_FILE, headers, Files.readAllBytes(program))
                .orThrow("copying the app");
        shell(
                api.door(sandbox),
                "chmod 755 " + APP_FILE + " && setsid " + APP_FILE + " -mode app -listen :" + APP_PORT
                        + " > /tmp/app.log 2>&1 < /dev/null &");
        var app = new Entry(api.address(), APP_PORT + "-" + sandbox.id() + ".localhost");
        Http.Answer answer = null;
        for (int i = 0; i < APP_WAIT_STEPS; i++) {
            answer = Http.call(api.address(), "GET", "/small", Headers.of("Host", app.host()), new byte[0]);
            if (answer.status() == 200) {
                return app;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        throw new IOException("the app does not answer: " + answer);
    }

    private static void shell(Door door, String words) throws IOException {
        var config = new ProcessConfig("/bin/sh", List.of("-c", words), Map.of(), null);
        try {
            door.rpc().streaming(ProcessApi.START, new StartRequest(config, null, false), StartResponse.class, _ -> {});
        } catch (RpcException e) {
            throw new IOException("in the sandbox: " + e.code() + ": " + e.getMessage(), e);
        }
    }

    /// The guest daemon of a sandbox, as the host sees it.
    ProcessHandle daemon(String sandbox) throws IOException {
        var pid = Files.readString(agentHome.resolve("sandboxes/" + sandbox + "/pid"));
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    @Override
    public List<ProcessHandle> sandboxes() throws IOException {
        var daemons = new ArrayList<ProcessHandle>();
        try (var directories = Files.newDirectoryStream(agentHome.resolve("sandboxes"))) {
            for (var directory : directories) {
                daemons.add(daemon(directory.getFileName().toString()));
            }
        }
        return daemons;
    }

    @Override
    public void close() {
        children.close();
    }
}
