package io.sallyport.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testbed.Installation.Sandbox;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers as their makers ship them, in sandboxes, used by a real browser. Pictures stay in `target/seen`.
final class RealAppsTest {
    private static final Testbed BED = Testbed.get();
    private static final Duration START = Duration.ofSeconds(60);
    private static final int NEXT_CHANGES_MAX = 3;
    private static final String TOKEN = "--NotebookApp.token=secret";

    private static Chromium chromium;

    /// Once below each domain that leads to the gateway.
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @ValueSource(strings = {"localhost", Testbed.OTHER_DOMAIN})
    @interface EachDomain {}

    @BeforeAll
    static void startBrowser(@TempDir Path profile) throws IOException {
        chromium = Chromium.start(profile);
    }

    @AfterAll
    static void stopBrowser() {
        chromium.close();
    }

    @EachDomain
    void viteReplacesAChangedModuleInThePage(String domain) throws Exception {
        var sandbox = BED.create();
        Apps.unpack(sandbox, "vite");
        start(sandbox, 5173, "/home/user/vite", "npm", "run", "dev");
        try (var page = chromium.page()) {
            page.open(url(sandbox, 5173, domain, "/"));
            page.untilText("h1", "Hello from Vite");
            page.untilSocket();
            seesAChangeWithoutReload(
                    page,
                    () -> BED.put(
                            sandbox,
                            "/home/user/vite/src/heading.js",
                            "export const heading = 'Changed in the sandbox'\n"));
            page.screenshot("vite-" + domain + ".png");
        }
        BED.kill(sandbox);
    }

    /// Webpack's client connects to the port the server has, unless told to use the page's.
    @EachDomain
    void webpackReplacesAChangedModuleInThePage(String domain) throws Exception {
        var sandbox = BED.create();
        Apps.unpack(sandbox, "webpack");
        start(sandbox, 8080, "/home/user/webpack", "npm", "run", "dev", "--", "--client-web-socket-url-port", "0");
        try (var page = chromium.page()) {
            page.open(url(sandbox, 8080, domain, "/"));
            page.untilText("h1", "Hello from webpack");
            page.untilSocket();
            seesAChangeWithoutReload(
                    page,
                    () -> BED.put(
                            sandbox,
                            "/home/user/webpack/src/heading.js",
                            "export const heading = 'Changed in the sandbox'\n"));
            page.screenshot("webpack-" + domain + ".png");
        }
        BED.kill(sandbox);
    }

    /// Next.js itself loads a page anew where its compiler has moved on since the page came, as on a busy machine it
    /// can. So the change that is seen in place may be a later one.
    @EachDomain
    void nextRendersAChangedPageAndKeepsItsState(String domain) throws Exception {
        var sandbox = BED.create();
        Apps.unpack(sandbox, "next");
        start(sandbox, 3000, "/home/user/next", "npm", "run", "dev");
        try (var page = chromium.page()) {
            page.open(url(sandbox, 3000, domain, "/"));
            page.untilText("h1", "Hello from Next");
            boolean inPlace = false;
            for (int change = 1; change <= NEXT_CHANGES_MAX && !inPlace; change++) {
                page.untilSocket();
                page.until("Object.keys(document.querySelector('button')).some(key => key.startsWith('__reactProps'))");
                inPlace = seesInPlace(page, sandbox, change);
            }
            assertTrue(inPlace, "every change loaded the page anew");
            page.screenshot("next-" + domain + ".png");
        }
        BED.kill(sandbox);
    }

    private static boolean seesInPlace(Page page, Sandbox sandbox, int change) {
        page.click("button");
        page.untilText("button", "count is 1");
        page.evaluate("window.loadedFor = " + change);
        var heading = "Change " + change + " in the sandbox";
        var edited = BED.sh(
                sandbox,
                "cd /home/user/next/app && sed 's#<h1>[^<]*</h1>#<h1>" + heading
                        + "</h1>#' page.js > /tmp/page.js && cat /tmp/page.js > page.js");
        assertEquals(0, edited.code(), edited::toString);
        page.untilText("h1", heading);
        boolean inPlace = page.evaluate("window.loadedFor === " + change).equals("true");
        if (inPlace) {
            page.untilText("button", "count is 1");
        }
        return inPlace;
    }

    @EachDomain
    void jupyterRunsACellInItsKernel(String domain) throws Exception {
        Apps.need("jupyter-notebook", "jupyter-notebook");
        var sandbox = BED.create();
        Apps.put(sandbox, "jupyter/multiply.ipynb");
        start(sandbox, 8888, "/home/user", "jupyter-notebook", "--no-browser", "--port=8888", TOKEN);
        try (var page = chromium.page()) {
            page.open(url(sandbox, 8888, domain, "/notebooks/multiply.ipynb?token=secret"));
            page.untilSocket();
            page.until("document.querySelector('#kernel_indicator_icon.kernel_idle_icon') !== null");
            page.click("[data-jupyter-action='jupyter-notebook:run-cell-and-select-next']");
            page.untilText(".output_text", "'42 by CPython'");
            page.screenshot("jupyter-" + domain + ".png");
        }
        BED.kill(sandbox);
    }

    @EachDomain
    void pythonsFileServerListsADirectoryWithAndWithoutTheSlash(String domain) throws Exception {
        var sandbox = BED.create();
        BED.put(sandbox, "/home/user/docs/hello.txt", "from inside");
        start(sandbox, 8000, "/home/user", "python3", "-m", "http.server", "8000");
        try (var page = chromium.page()) {
            for (var path : List.of("/docs/", "/docs")) {
                page.open(url(sandbox, 8000, domain, path));
                page.untilText("h1", "Directory listing for /docs/");
                assertEquals(url(sandbox, 8000, domain, "/docs/"), page.evaluate("location.href"));
                page.click("a[href='hello.txt']");
                page.untilText("body", "from inside");
            }
            page.screenshot("file-server-" + domain + ".png");
        }
        BED.kill(sandbox);
    }

    @EachDomain
    void aLoginIsRememberedUntilTheLogout(String domain) throws Exception {
        var sandbox = BED.create();
        Apps.put(sandbox, "login/login.py");
        start(sandbox, 8000, "/home/user", "python3", "login.py", "8000");
        var home = url(sandbox, 8000, domain, "/");
        try (var page = chromium.page()) {
            page.open(home);
            page.untilText("h1", "Log in");
            assertEquals(url(sandbox, 8000, domain, "/login"), page.evaluate("location.href"));
            page.click("input");
            page.type("Ada");
            page.click("button");
            page.untilText("h1", "Hello, Ada");
            page.open(home);
            page.untilText("h1", "Hello, Ada");
            assertEquals(home, page.evaluate("location.href"));
            page.screenshot("login-" + domain + ".png");
            page.click("button");
            page.untilText("h1", "Log in");
            page.open(home);
            page.untilText("h1", "Log in");
        }
        BED.kill(sandbox);
    }

    /// The page counts clicks: after a change of its source it has the new heading and still the old count.
    private static void seesAChangeWithoutReload(Page page, Runnable change) {
        page.click("button");
        page.untilText("button", "count is 1");
        page.evaluate("window.loadedOnce = true");
        change.run();
        page.untilText("h1", "Changed in the sandbox");
        assertEquals("true", page.evaluate("window.loadedOnce === true"));
        page.untilText("button", "count is 1");
    }

    private static void start(Sandbox sandbox, int port, String directory, String... command) {
        BED.startDetached(sandbox, "env", "-C", directory, String.join(" ", command));
        try {
            Testbed.eventually(
                    START,
                    command[0] + " answers",
                    () -> BED.get(sandbox, port, "/").status() < 400);
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\n" + BED.sh(sandbox, "cat /tmp/env.log").out(), e);
        }
    }

    private static String url(Sandbox sandbox, int port, String domain, String target) {
        return "http://" + sandbox.host(port, domain) + ":" + BED.port() + target;
    }
}
