package io.sallyport.control;

import io.sallyport.control.store.Database;

/// How the control plane runs.
///
/// @param domain what sandbox hosts end with, with the port people use: `localhost:8000`
/// @param tokenSeed what sandbox tokens are derived from; the same for all replicas
public record ControlConfig(Database.Address database, String domain, byte[] tokenSeed) {
    public ControlConfig {
        tokenSeed = tokenSeed.clone();
    }

    @Override
    public byte[] tokenSeed() {
        return tokenSeed.clone();
    }

    @Override
    public String toString() {
        return "ControlConfig[" + database + ", domain=" + domain + ", tokenSeed=set]";
    }
}
