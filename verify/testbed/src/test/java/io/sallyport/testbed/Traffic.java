package io.sallyport.testbed;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Small GETs one after the other, and how each ended: `200`, `503 host_unreachable`, `cut`.
///
/// - **Closes**: [#end()], or [#stop()], which does not wait.
final class Traffic {
    private final Http http;
    private final String host;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Thread thread;
    private volatile boolean ended;

    private Traffic(Http http, String host) {
        this.http = http;
        this.host = host;
        this.thread = Thread.ofPlatform().daemon().name("traffic").unstarted(this::run);
    }

    static Traffic start(Http http, String host) {
        var traffic = new Traffic(http, host);
        traffic.thread.start();
        return traffic;
    }

    private void run() {
        while (!ended) {
            var outcome = outcome(http, host);
            synchronized (outcomes) {
                outcomes.merge(outcome, 1, Integer::sum);
            }
        }
    }

    /// One GET. An answer that ends before it says so is `cut`.
    static String outcome(Http http, String host) {
        try {
            var answer = http.get(host, "/");
            var length = answer.header("Content-Length");
            boolean whole = length.isEmpty()
                    ? answer.header("Transfer-Encoding").equals("chunked")
                    : answer.body().getBytes(StandardCharsets.UTF_8).length == Integer.parseInt(length);
            if (!whole) {
                return "cut";
            }
            return answer.status() == 200 ? "200" : answer.status() + " " + answer.json("reason");
        } catch (UncheckedIOException | NumberFormatException e) { // no number: the length of a chunk is not there
            return "cut";
        }
    }

    /// How many of an outcome there were until now.
    int count(String outcome) {
        synchronized (outcomes) {
            return outcomes.getOrDefault(outcome, 0);
        }
    }

    void stop() {
        ended = true;
    }

    /// Stops, and gives how many there were of each outcome.
    Map<String, Integer> end() throws InterruptedException {
        stop();
        thread.join();
        return outcomes;
    }
}
