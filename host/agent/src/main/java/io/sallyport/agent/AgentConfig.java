package io.sallyport.agent;

import java.nio.file.Path;

/// How an agent runs.
///
/// @param home where it keeps sandboxes and templates; on a file system that overlayfs accepts as an upper layer
/// @param runtime the OCI runtime's program, looked up in `PATH`: `runc`, `crun`, `runsc`
/// @param guestImage the built guest image, see `guest/daemon/src/image/build.sh`
public record AgentConfig(Path home, String runtime, Path guestImage) {}
