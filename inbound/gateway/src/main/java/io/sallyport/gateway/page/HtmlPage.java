package io.sallyport.gateway.page;

/// The page a person sees. Self-contained: no script, no file, nothing from anywhere else. Pure.
final class HtmlPage {
    private static final int REFRESH_SECONDS = 3;

    private HtmlPage() {}

    /// @param sentence one of ours: it holds nothing that needs escaping
    static String of(int status, String sentence, Refused refused, String requestId) {
        boolean refreshes = refused.outcome().retryable() && refused.outcome().fault() != Outcome.Fault.CLIENT;
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">%s
                <title>%d · %s</title>
                <style>
                :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
                body { max-width: 38rem; margin: 18vh auto 0; padding: 0 1.5rem; }
                h1 { font-size: 1.4rem; margin: 0 0 .8rem; }
                p { margin: 0 0 .8rem; }
                .more { opacity: .65; font-size: .85rem; }
                code { font-family: ui-monospace, monospace; }
                </style>
                </head>
                <body>
                <h1>%s</h1>
                <p>%s</p>
                <p class="more"><code>%d %s</code> · request <code>%s</code></p>
                </body>
                </html>
                """.formatted(
                        refreshes ? "\n<meta http-equiv=\"refresh\" content=\"" + REFRESH_SECONDS + "\">" : "",
                        status,
                        refused.outcome().id(),
                        sentence,
                        advice(refused, refreshes),
                        status,
                        refused.outcome().id(),
                        requestId);
    }

    private static String advice(Refused refused, boolean refreshes) {
        var advice = switch (refused.outcome()) {
            case NOT_LISTENING, APP_EXITED ->
                "Start a server on this port inside the sandbox; any of its addresses will do, 127.0.0.1 too.";
            case BOUND_ELSEWHERE -> "Let the app listen on 127.0.0.1, ::1 or 0.0.0.0.";
            case APP_BROKE, APP_MALFORMED, APP_SLOW, APP_CUT -> "What the app wrote to its log may say why.";
            case UNKNOWN_SANDBOX, NO_ACCESS ->
                "Check the address. If the sandbox is private, ask its owner for a link that opens it.";
            case NOT_RUNNING -> "Its owner can start another, or resume it if it is paused.";
            default -> refused.outcome().retryable() ? "This usually passes." : "The address cannot work as it is.";
        };
        return refreshes ? advice + " This page looks again every " + REFRESH_SECONDS + " seconds." : advice;
    }
}
