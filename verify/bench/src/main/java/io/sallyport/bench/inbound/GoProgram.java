package io.sallyport.bench.inbound;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The program behind both Go subjects, built on first use.
final class GoProgram {
    private GoProgram() {}

    static String version() throws IOException {
        return "Go " + Tools.version("go", "version");
    }

    static List<String> command(Site site, String mode, String listen, String next) throws IOException {
        return List.of(
                binary(site).toString(),
                "-mode",
                mode,
                "-listen",
                listen,
                "-next",
                next,
                "-id",
                site.sandbox().text());
    }

    private static Path binary(Site site) throws IOException {
        var binary = site.shared().resolve("reverseproxy");
        if (!Files.exists(binary)) {
            var source = Tools.unpack("reverseproxy.go", site);
            Tools.output("go", "build", "-o", binary.toString(), source.toString());
        }
        return binary;
    }
}
