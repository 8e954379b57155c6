package io.sallyport.testbed;

import java.util.ArrayList;
import java.util.List;

/// A program that asks for a page, as people have it in their sandboxes.
enum EgressClient {
    CURL("curl", "-sS", "--fail-with-body", "--max-time", "20"),
    WGET("wget", "-q", "-O", "-", "--tries=1", "--timeout=20"),
    URLLIB("python3", "/home/user/urllib_get.py"),
    REQUESTS("python3", "/home/user/requests_get.py"),
    FETCH("node", "/home/user/fetch_get.js"),
    /// The JDK of this test, which lies under `/usr` and so is in every sandbox.
    JAVA(System.getProperty("java.home") + "/bin/java", "/home/user/HttpGet.java");

    private final List<String> command;

    EgressClient(String... command) {
        this.command = List.of(command);
    }

    /// What they need beside themselves.
    static void install(Installation.Sandbox sandbox) {
        for (var name : List.of("urllib_get.py", "requests_get.py", "fetch_get.js", "HttpGet.java")) {
            Apps.put(sandbox, "clients/" + name);
        }
    }

    /// The command line that asks for a page.
    ///
    /// @param header `name=value`, or empty
    List<String> get(String url, String header) {
        var line = new ArrayList<>(command);
        switch (this) {
            case CURL -> {
                if (!header.isEmpty()) {
                    line.addAll(List.of("-H", header.replaceFirst("=", ": ")));
                }
                line.add(url);
            }
            case WGET -> {
                if (!header.isEmpty()) {
                    line.add("--header=" + header.replaceFirst("=", ": "));
                }
                line.add(url);
            }
            case URLLIB, REQUESTS, FETCH, JAVA -> {
                line.add(url);
                if (!header.isEmpty()) {
                    line.add(header);
                }
            }
        }
        return line;
    }
}
