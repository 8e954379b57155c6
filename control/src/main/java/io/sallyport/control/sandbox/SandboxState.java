package io.sallyport.control.sandbox;

/// Where a sandbox is in its life. Stored by name.
public enum SandboxState {
    /// Being made; nobody has been told of it.
    CREATING,
    RUNNING,
    PAUSING,
    PAUSED,
    RESUMING,
    KILLING,
    /// Gone for good.
    KILLED;

    /// Whether the API shows it at all.
    public boolean visible() {
        return switch (this) {
            case RUNNING, PAUSING, PAUSED, RESUMING -> true;
            case CREATING, KILLING, KILLED -> false;
        };
    }

    /// `running` or `paused`, the only two words clients know. One that is on its way out of or into pausing is paused.
    public String publicName() {
        return this == RUNNING ? "running" : "paused";
    }
}
