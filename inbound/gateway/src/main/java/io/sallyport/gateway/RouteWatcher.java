package io.sallyport.gateway;

import io.sallyport.gateway.admit.Admission;
import io.sallyport.gateway.route.RouteCache;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.route.Routes;

/// Forgets what the control plane says is not true any more.
record RouteWatcher(RouteCache routes, Admission admission) implements Routes.Watcher {
    @Override
    public void changed(SandboxId sandbox) {
        routes.evict(sandbox);
    }

    @Override
    public void credentialsChanged() {
        admission.flush();
    }

    @Override
    public void reset() {
        routes.flush();
        admission.flush();
    }
}
