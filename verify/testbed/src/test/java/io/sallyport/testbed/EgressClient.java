package io.sallyport.testbed;

import java.util.ArrayList;
import java.util.List;

/// A program that asks for a page, as people have it in their sandboxes.
enum EgressClient {
    CURL,
    WGET,
    URLLIB,
    REQUESTS,
    FETCH,
    JAVA;

    private List<String> program() {
        return switch (this) {
            case CURL -> List.of("curl", "-sS", "--fail-with-body", "--max-time", "20");
            case WGET -> List.of("wget", "-q", "-O", "-", "--tries=1", "--timeout=20");
            case URLLIB -> List.of("python3", "/home/user/urllib_get.py");
            case REQUESTS -> List.of("python3", "/home/user/requests_get.py");
            case FETCH -> List.of("node", "/home/user/fetch_get.js");
            // The JDK of this test lies under /usr, and so is in every sandbox.
            case JAVA -> List.of(System.getProperty("java.home") + "/bin/java", "/home/user/HttpGet.java");
        };
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
        var line = new ArrayList<>(program());
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
