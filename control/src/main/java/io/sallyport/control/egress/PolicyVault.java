package io.sallyport.control.egress;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Policies on their way into the database and out of it: the password of a proxy lies there sealed.
///
/// - **Threads**: any.
public final class PolicyVault {
    private final Sealed seal;

    public PolicyVault(Sealed seal) {
        this.seal = seal;
    }

    /// The policy of a sandbox as the database keeps it.
    public String write(SandboxId sandbox, EgressPolicy policy) {
        var proxy = policy.proxy();
        if (proxy == null || proxy.password().isEmpty()) {
            return PolicyJson.write(policy);
        }
        var sealed = seal.seal(proxy.password().getBytes(StandardCharsets.UTF_8), belongsTo(sandbox, proxy));
        return PolicyJson.write(
                PolicyJson.withProxyPassword(policy, Base64.getEncoder().encodeToString(sealed)));
    }

    /// The policy again.
    public EgressPolicy read(SandboxId sandbox, String stored) throws Sealed.BrokenException {
        try {
            var policy = PolicyJson.read(stored);
            var proxy = policy.proxy();
            if (proxy == null || proxy.password().isEmpty()) {
                return policy;
            }
            var password = seal.open(Base64.getDecoder().decode(proxy.password()), belongsTo(sandbox, proxy));
            return PolicyJson.withProxyPassword(policy, new String(password, StandardCharsets.UTF_8));
        } catch (PolicyJson.FormatException | IllegalArgumentException e) {
            throw new Sealed.BrokenException("policy of " + sandbox + " cannot be read");
        }
    }

    private static String[] belongsTo(SandboxId sandbox, EgressPolicy.Proxy proxy) {
        return new String[] {"proxy", sandbox.text(), proxy.address(), proxy.username()};
    }
}
