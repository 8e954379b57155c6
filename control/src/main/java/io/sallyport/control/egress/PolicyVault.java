package io.sallyport.control.egress;

import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Proxy;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;

/// Policies on their way into the database and out of it: the password of a proxy and the values of headers lie there
/// sealed, each for its sandbox and its place in the policy.
///
/// - **Threads**: any.
public final class PolicyVault {
    private final Sealed seal;

    public PolicyVault(Sealed seal) {
        this.seal = seal;
    }

    /// What is done to each value that is kept sealed.
    private interface Step<E extends Exception> {
        String of(String value, String... belongsTo) throws E;
    }

    /// The policy of a sandbox as the database keeps it.
    public String write(SandboxId sandbox, EgressPolicy policy) {
        return PolicyJson.write(PolicyVault.<RuntimeException>each(sandbox, policy, this::sealed));
    }

    /// The policy again.
    public EgressPolicy read(SandboxId sandbox, String stored) throws Sealed.BrokenException {
        try {
            return each(sandbox, PolicyJson.read(stored), this::opened);
        } catch (PolicyJson.FormatException | IllegalArgumentException e) {
            throw new Sealed.BrokenException("policy of " + sandbox + " cannot be read");
        }
    }

    private String sealed(String value, String... belongsTo) {
        return Base64.getEncoder().encodeToString(seal.seal(value.getBytes(StandardCharsets.UTF_8), belongsTo));
    }

    private String opened(String value, String... belongsTo) throws Sealed.BrokenException {
        return new String(seal.open(Base64.getDecoder().decode(value), belongsTo), StandardCharsets.UTF_8);
    }

    private static <E extends Exception> EgressPolicy each(SandboxId sandbox, EgressPolicy policy, Step<E> step)
            throws E {
        var done = PolicyJson.withTransforms(policy, transforms(sandbox, policy.transforms(), step));
        var proxy = policy.proxy();
        return proxy == null || proxy.password().isEmpty()
                ? done
                : PolicyJson.withProxyPassword(done, password(sandbox, proxy, step));
    }

    private static <E extends Exception> String password(SandboxId sandbox, Proxy proxy, Step<E> step) throws E {
        return step.of(proxy.password(), "proxy", sandbox.text(), proxy.address(), proxy.username());
    }

    private static <E extends Exception> List<Transform> transforms(
            SandboxId sandbox, List<Transform> transforms, Step<E> step) throws E {
        var done = new ArrayList<Transform>();
        for (var transform : transforms) {
            var headers = new LinkedHashMap<String, String>();
            for (var header : transform.headers().entrySet()) {
                var name = header.getKey();
                headers.put(name, step.of(header.getValue(), "header", sandbox.text(), transform.host(), name));
            }
            done.add(new Transform(transform.host(), headers));
        }
        return done;
    }
}
