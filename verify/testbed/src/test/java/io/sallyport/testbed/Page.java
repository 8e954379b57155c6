package io.sallyport.testbed;

import io.sallyport.testbed.DevTools.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/// A tab of a browser, used as a person would: by mouse and keyboard, looking until something is seen.
///
/// - **Threads**: one at a time.
/// - **Closes**: whoever opened it.
final class Page implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(60);

    private final DevTools devTools;

    Page(DevTools devTools) {
        this.devTools = devTools;
        devTools.call("Network.enable", new Nothing());
    }

    private record Nothing() {}

    private record Navigate(String url) {}

    private record Evaluate(String expression, boolean awaitPromise) {}

    private record Mouse(String type, double x, double y, String button, int clickCount) {}

    private record Insert(String text) {}

    private record Screenshot(String format) {}

    /// Goes to an address, and waits until the answer begins.
    void open(String url) {
        var result = devTools.call("Page.navigate", new Navigate(url));
        if (result.errorText() != null && !result.errorText().isEmpty()) {
            throw new AssertionError(url + ": " + result.errorText());
        }
    }

    /// The value of a JavaScript expression as text; a promise is awaited.
    String evaluate(String expression) {
        var result = run(expression);
        var thrown = result.exceptionDetails();
        if (thrown != null) {
            throw new AssertionError(expression + ": " + thrown);
        }
        return Objects.requireNonNullElse(
                Objects.requireNonNull(result.result()).value(), "");
    }

    /// Waits until a JavaScript expression is true. While it throws, it is not.
    void until(String expression) {
        until(expression, () -> holds(expression));
    }

    /// Waits until what a CSS selector finds first has exactly this text.
    void untilText(String selector, String expected) {
        until(element(selector) + ".textContent.trim() === " + quote(expected));
    }

    /// Waits until the tab has opened a WebSocket, and the server has agreed.
    void untilSocket() {
        until("a WebSocket is open", () -> devTools.sockets() > 0);
    }

    /// Clicks into the middle of what a CSS selector finds first, once it is there.
    void click(String selector) {
        until(element(selector) + ".getBoundingClientRect().width > 0");
        double x = coordinate(selector, "left", "width");
        double y = coordinate(selector, "top", "height");
        devTools.call("Input.dispatchMouseEvent", new Mouse("mousePressed", x, y, "left", 1));
        devTools.call("Input.dispatchMouseEvent", new Mouse("mouseReleased", x, y, "left", 1));
    }

    /// Types into what has the focus.
    void type(String text) {
        devTools.call("Input.insertText", new Insert(text));
    }

    /// Leaves a picture in `target/seen`.
    void screenshot(String name) throws IOException {
        var picture = devTools.call("Page.captureScreenshot", new Screenshot("png"));
        Files.write(Testbed.output(name), Objects.requireNonNull(picture.data()));
    }

    @Override
    public void close() {
        devTools.call("Page.close", new Nothing());
        devTools.close();
    }

    private void until(String what, BooleanSupplier condition) {
        try {
            Testbed.eventually(WAIT, what, condition);
        } catch (AssertionError e) {
            var seen = evaluate("location.href + '\\n' + document.documentElement.outerHTML");
            throw new AssertionError(e.getMessage() + ", but\n" + seen, e);
        }
    }

    private double coordinate(String selector, String start, String size) {
        var box = element(selector) + ".getBoundingClientRect()";
        return Double.parseDouble(evaluate(box + "." + start + " + " + box + "." + size + " / 2"));
    }

    private boolean holds(String expression) {
        try {
            var result = run(expression);
            return result.exceptionDetails() == null
                    && result.result() != null
                    && "true".equals(result.result().value());
        } catch (IllegalStateException e) {
            return false; // the page was left meanwhile
        }
    }

    private Result run(String expression) {
        return devTools.call(
                "Runtime.evaluate", new Evaluate("(async () => String(await (" + expression + ")))()", true));
    }

    private static String element(String selector) {
        return "document.querySelector(" + quote(selector) + ")";
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
