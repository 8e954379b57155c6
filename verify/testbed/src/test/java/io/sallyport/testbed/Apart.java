package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.net.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An installation whose agent, control plane and gateway are processes of their own beside a database, each of
/// which can be killed and started again.
///
/// - **Closes**: with every sandbox it still has.
final class Apart extends Installation {
    private static final int STOP_SECONDS = 40;

    private final Path home = Files.createTempDirectory("sallyport-apart");
    private final List<Process> started = new ArrayList<>();
    private final int agentPort = Testbed.freePort();
    private final int controlPort = Testbed.freePort();
    private final int gatewayPort = Testbed.freePort();
    private final Postgres database = new Postgres(home.resolve("database"));
    private Process agent;
    private Process control;
    private Process gateway;

    Apart() throws Exception {
        try {
            var made = Program.run(home, "ca", "init", tls().toString());
            assertEquals(0, made.code(), made.err());
            agent = launchAgent();
            control = launchControl();
            gateway = launchGateway(gatewayPort);
        } catch (Exception | AssertionError e) {
            stop();
            throw e;
        }
    }

    /// Where the certificates are.
    Path tls() {
        return home.resolve("tls");
    }

    Path home() {
        return home;
    }

    Postgres database() {
        return database;
    }

    Process agent() {
        return agent;
    }

    Process control() {
        return control;
    }

    Process gateway() {
        return gateway;
    }

    /// The pid of a sandbox's guest daemon on this machine.
    long guest(Sandbox box) throws IOException {
        try (var files = Files.walk(agentHome(), 5)) {
            var file = files.filter(path -> path.endsWith(box.id() + "/pid"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(Files.readString(file).strip());
        }
    }

    int agentPort() {
        return agentPort;
    }

    int controlPort() {
        return controlPort;
    }

    void startAgent() throws IOException {
        agent = launchAgent();
    }

    void startControl() throws IOException {
        control = launchControl();
    }

    /// Starts again what a test has killed and not started.
    void startMissing() throws IOException {
        if (!database.running()) {
            database.start();
        }
        if (!agent.isAlive()) {
            startAgent();
        }
        if (!control.isAlive()) {
            startControl();
        }
    }

    private Process launchAgent() throws IOException {
        return start(
                "agent",
                List.of("agent"),
                "agent.listen = localhost:" + agentPort,
                "agent.home = " + agentHome(),
                "control.address = localhost:" + controlPort);
    }

    private Process launchControl() throws IOException {
        var up = List.of(
                "up",
                "--without",
                "agent,gateway",
                "--listen",
                "localhost:" + gatewayPort,
                "--home",
                controlHome().toString(),
                "--database-url",
                database.url());
        return start(
                "control",
                up,
                "control.listen = localhost:" + controlPort,
                "control.agents = localhost:" + agentPort,
                "egress.default = none");
    }

    /// Starts one gateway more.
    Process launchGateway(int port) throws IOException {
        return start(
                "gateway",
                List.of("gateway"),
                "control.address = localhost:" + controlPort,
                "ingress.listen = 127.0.0.1:" + port,
                "ingress.domain = localhost",
                "log.access = " + home.resolve("access-" + port + ".log"));
    }

    private Process start(String role, List<String> command, String... settings) throws IOException {
        var name = role + "-" + started.size();
        var lines = new ArrayList<>(List.of(
                "tls.certificate = " + tls().resolve(role + ".crt"),
                "tls.key = " + tls().resolve(role + ".key"),
                "tls.authority = " + tls().resolve("ca.crt")));
        lines.addAll(List.of(settings));
        var config = Files.write(home.resolve(name + ".conf"), lines);
        var whole = new ArrayList<>(command);
        whole.addAll(List.of("--config", config.toString()));
        return Program.start(home, home.resolve(name + ".log"), started, whole.toArray(String[]::new));
    }

    /// What `kill -9` does.
    static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS));
    }

    /// Runs a command of the program as the operator would.
    String cli(String... arguments) throws Exception {
        var said = Program.run(controlHome(), arguments);
        assertEquals(0, said.code(), said.err());
        return said.out();
    }

    Path agentHome() {
        return home.resolve("agent");
    }

    private Path controlHome() {
        return home.resolve("control");
    }

    @Override
    InetSocketAddress address() {
        return Loopback.v4(gatewayPort);
    }

    @Override
    String key() {
        try {
            return Files.readAllLines(controlHome().resolve("credentials"))
                    .getLast()
                    .substring("key=".length());
        } catch (IOException e) {
            throw new AssertionError("credentials of the control plane", e);
        }
    }

    void close() throws IOException, InterruptedException {
        try {
            startMissing();
            killAll();
        } finally {
            stop();
        }
    }

    private void stop() throws IOException, InterruptedException {
        boolean ended = true;
        for (var process : started.reversed()) {
            process.destroy();
            ended &= process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
        database.close();
        keepLogs();
        HostTruth.removeTree(home);
        assertTrue(ended, "a program did not end when it was told to");
    }

    private void keepLogs() throws IOException {
        try (var logs = Files.newDirectoryStream(home, "{agent,control,gateway}-*.log")) {
            for (var log : logs) {
                Files.copy(log, Testbed.output(log.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
