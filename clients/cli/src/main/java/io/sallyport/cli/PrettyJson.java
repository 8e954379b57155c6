package io.sallyport.cli;

/// JSON for people: a member a line. Pure. What goes in must be JSON.
final class PrettyJson {
    private static final String STEP = "  ";

    private final String json;
    private final StringBuilder out = new StringBuilder();

    private PrettyJson(String json) {
        this.json = json;
    }

    static String of(String json) {
        var pretty = new PrettyJson(json);
        pretty.write();
        return pretty.out.toString();
    }

    private void write() {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                out.append(c);
                if (c == '\\') {
                    out.append(json.charAt(++i));
                } else if (c == '"') {
                    quoted = false;
                }
                continue;
            }
            switch (c) {
                case '"' -> {
                    quoted = true;
                    out.append(c);
                }
                case '{', '[' -> {
                    boolean empty = i + 1 < json.length() && (json.charAt(i + 1) == '}' || json.charAt(i + 1) == ']');
                    out.append(c);
                    if (empty) {
                        out.append(json.charAt(++i));
                    } else {
                        line(++depth);
                    }
                }
                case '}', ']' -> {
                    line(--depth);
                    out.append(c);
                }
                case ',' -> {
                    out.append(c);
                    line(depth);
                }
                case ':' -> out.append(": ");
                case ' ', '\n', '\r', '\t' -> {}
                default -> out.append(c);
            }
        }
    }

    private void line(int depth) {
        out.append('\n').append(STEP.repeat(depth));
    }
}
