package io.sallyport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs in Go, built from the peers' files with nothing but the standard library.
public final class GoProgram {
    private GoProgram() {}

    public static String version() throws IOException {
        return "Go " + Tools.version("go", "version");
    }

    /// Builds a program unless that has been done.
    ///
    /// @param sources files of the peers, with their folder
    /// @return the binary, in `directory`
    public static Path build(Path directory, String name, List<String> sources) throws IOException {
        var binary = directory.resolve(name);
        if (!Files.exists(binary)) {
            var command = new ArrayList<>(List.of("env", "CGO_ENABLED=0", "go", "build", "-o", binary.toString()));
            for (var source : sources) {
                var file = directory.resolve(Path.of(source).getFileName());
                command.add(Files.writeString(file, Tools.resource(source)).toString());
            }
            Tools.output(command.toArray(String[]::new));
        }
        return binary;
    }
}
