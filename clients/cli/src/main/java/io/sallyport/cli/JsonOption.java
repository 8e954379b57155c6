package io.sallyport.cli;

import picocli.CommandLine.Option;

/// What every command has that prints data.
final class JsonOption {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;
}
