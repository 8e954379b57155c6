package io.sallyport.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// What a sandbox costs: time and CPU of a create, one after the other and without a pool, and memory when
/// idle.
///
/// The peer is the floor below us: a bare `runc run --detach` of `sleep` from the very bundle the platform had
/// made, in the same minute. CPU is that of the platform, its children, and the sandbox's cgroup until the
/// create is answered.
final class CreateBench {
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 20;
    private static final int IDLE_SANDBOXES = 10;
    private static final Duration UP_WAIT = Duration.ofSeconds(60);
    private static final double NANOS_PER_MS = 1e6;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Double> figures = new TreeMap<>();
    private Path home = Path.of("");
    private String url = "";
    private String key = "";

    Map<String, Double> run() throws Exception {
        home = Files.createTempDirectory("sallyport-bench");
        var up = start();
        try {
            measureCreates(up);
            measureIdle(up);
            measureBareRuntime();
        } finally {
            killAll();
            up.destroy();
            up.waitFor(30, TimeUnit.SECONDS);
            exec("rm", "-rf", home.toString());
        }
        return figures;
    }

    private Process start() throws Exception {
        var log = home.resolve("up.log").toFile();
        int port = 8321;
        long began = System.nanoTime();
        var builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xms48m",
                "-Xmx1g",
                "-Dsallyport.guest.image=" + System.getProperty("sallyport.guest.image"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.sallyport.app.Main",
                "up",
                "--home",
                home.toString(),
                "--listen",
                "localhost:" + port);
        var up = builder.redirectErrorStream(true).redirectOutput(log).start();
        while (!Files.readString(log.toPath()).contains("\nready ")) {
            if (!up.isAlive() || System.nanoTime() - began > UP_WAIT.toNanos()) {
                throw new IOException("up did not become ready: " + Files.readString(log.toPath()));
            }
            LockSupport.parkNanos(5_000_000);
        }
        figures.put("up.sallyport.first_ready_ms", (System.nanoTime() - began) / NANOS_PER_MS);
        url = "http://127.0.0.1:" + port;
        key = Files.readAllLines(home.resolve("credentials")).getLast().substring("key=".length());
        return up;
    }

    private void measureCreates(Process up) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            create();
        }
        var wall = new ArrayList<Double>();
        var cpu = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            double cpuBefore = Proc.cpuMs(up.pid());
            long began = System.nanoTime();
            var id = create();
            wall.add((System.nanoTime() - began) / NANOS_PER_MS);
            cpu.add(Proc.cpuMs(up.pid()) - cpuBefore + cgroupCpuMs(id));
            call("DELETE", "/sandboxes/" + id, "");
        }
        figures.put("create.sallyport.p50_ms", p(50, wall));
        figures.put("create.sallyport.p95_ms", p(95, wall));
        figures.put("create.sallyport.cpu_ms", p(50, cpu));
    }

    private void measureIdle(Process up) throws Exception {
        killAll();
        var one = create();
        settle();
        figures.put("idle1.sallyport.sandbox_pss_mib", Proc.memoryMiB(daemonOf(one), "smaps_rollup", "Pss"));
        var ids = new ArrayList<String>();
        ids.add(one);
        while (ids.size() < IDLE_SANDBOXES) {
            ids.add(create());
        }
        settle();
        var pss = new ArrayList<Double>();
        var dirty = new ArrayList<Double>();
        for (var id : ids) {
            pss.add(Proc.memoryMiB(daemonOf(id), "smaps_rollup", "Pss"));
            dirty.add(Proc.memoryMiB(daemonOf(id), "smaps_rollup", "Private_Dirty"));
        }
        figures.put("idle10.sallyport.sandbox_pss_mib", p(50, pss));
        figures.put("idle10.sallyport.sandbox_private_mib", p(50, dirty));
        figures.put("idle.sallyport.platform_pss_mib", Proc.memoryMiB(up.pid(), "smaps_rollup", "Pss"));
        double database = 0;
        for (var process : ProcessHandle.allProcesses().toList()) {
            if (process.info().command().orElse("").startsWith(home + "/database")) {
                database += Proc.memoryMiB(process.pid(), "smaps_rollup", "Pss");
            }
        }
        figures.put("idle.sallyport.database_pss_mib", database);
    }

    /// The same mounts and limits with `sleep` in the place of the guest daemon.
    private void measureBareRuntime() throws Exception {
        var id = create();
        var bundle = home.resolve("agent/sandboxes/" + id);
        var bare = home.resolve("bare");
        exec("mkdir", bare.toString());
        var wall = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            var name = "bare" + i;
            var directory = bare.resolve(name);
            exec("cp", "-a", "--no-preserve=links", bundle.toString(), directory.toString());
            exec("rm", "-rf", directory + "/root-work", directory + "/usr-work");
            exec("mkdir", directory + "/root-work", directory + "/usr-work");
            var config = Files.readString(directory.resolve("config.json"))
                    .replace("/sallyport/" + id, "/sallyport/" + name)
                    .replaceFirst("(?s)\"args\": \\[.*?]", "\"args\": [\"/bin/sleep\", \"60\"]");
            Files.writeString(directory.resolve("config.json"), config);
            long began = System.nanoTime();
            exec(
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "/bin/sh",
                    "-euc",
                    "cd " + directory
                            + "; mount -t overlay -o lowerdir=lower,upperdir=root-upper,workdir=root-work overlay rootfs;"
                            + " mount -t overlay -o lowerdir=/usr,upperdir=usr-upper,workdir=usr-work overlay rootfs/usr;"
                            + " mount -t overlay -o ro,lowerdir=guest:empty overlay guest-mount;"
                            + " exec runc --root " + bare + "/state run --detach " + name
                            + " < /dev/null > /dev/null 2>&1");
            wall.add((System.nanoTime() - began) / NANOS_PER_MS);
            exec("runc", "--root", bare + "/state", "delete", "--force", name);
        }
        figures.put("create.runc_bare.p50_ms", p(50, wall));
        figures.put("create.runc_bare.p95_ms", p(95, wall));
    }

    private String create() throws Exception {
        var body = call("POST", "/v2/sandboxes", "{\"templateID\":\"base\",\"timeout\":3600}");
        var matcher = Pattern.compile("cl-[0-9a-z]{25}").matcher(body);
        if (!matcher.find()) {
            throw new IOException("create: " + body);
        }
        return matcher.group();
    }

    private void killAll() throws Exception {
        var matcher = Pattern.compile("cl-[0-9a-z]{25}").matcher(call("GET", "/v2/sandboxes", ""));
        while (matcher.find()) {
            call("DELETE", "/sandboxes/" + matcher.group(), "");
        }
    }

    private String call(String method, String path, String json) throws Exception {
        var body = json.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .header("X-API-Key", key)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static double cgroupCpuMs(String id) throws IOException {
        var v1 = Path.of("/sys/fs/cgroup/cpuacct/sallyport/" + id + "/cpuacct.usage");
        if (Files.exists(v1)) {
            return Long.parseLong(Files.readString(v1).strip()) / NANOS_PER_MS;
        }
        var v2 = Files.readAllLines(Path.of("/sys/fs/cgroup/sallyport/" + id + "/cpu.stat"));
        return Long.parseLong(v2.getFirst().split(" ", -1)[1]) / 1e3;
    }

    private long daemonOf(String id) throws IOException {
        return Long.parseLong(
                Files.readString(home.resolve("agent/sandboxes/" + id + "/pid")).strip());
    }

    private static void settle() {
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
    }

    private static void exec(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + process.exitValue());
        }
    }

    private static double p(int percentile, List<Double> values) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percentile / 100));
    }
}
