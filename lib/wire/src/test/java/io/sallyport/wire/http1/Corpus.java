package io.sallyport.wire.http1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// All cases of the files in the resource directory `corpus`.
final class Corpus {
    static final List<CorpusCase> CASES = load();

    private Corpus() {}

    private static List<CorpusCase> load() {
        URL directory = Objects.requireNonNull(Corpus.class.getResource("corpus"), "resource directory \"corpus\"");
        var cases = new ArrayList<CorpusCase>();
        try (var files = Files.list(Path.of(directory.toURI()))) {
            for (var file : files.sorted().toList()) {
                var name = file.getFileName().toString();
                if (name.endsWith(".txt")) {
                    cases.addAll(CorpusFile.read(name, Files.readString(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return List.copyOf(cases);
    }
}
