package io.sallyport.bench.inbound;

import io.sallyport.bench.GoProgram;
import java.io.IOException;
import java.util.List;

/// The command lines of both Go subjects, which are one program.
final class GoCommand {
    private GoCommand() {}

    static List<String> of(Site site, String mode, String listen, String next) throws IOException {
        var binary = GoProgram.build(site.shared(), "reverseproxy", List.of("reverseproxy.go"));
        return List.of(
                binary.toString(),
                "-mode",
                mode,
                "-listen",
                listen,
                "-next",
                next,
                "-id",
                site.sandbox().text());
    }
}
