package io.sallyport.agent.image;

import java.nio.file.Path;

/// What a sandbox's file system starts from.
///
/// @param root the root file system, never written to
/// @param withHostUsr whether the host's `/usr` is laid over it
public record Template(Path root, boolean withHostUsr) {}
