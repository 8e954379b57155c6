package io.sallyport.control.egress;

import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.EgressPolicy.Transform;
import io.sallyport.rpc.egress.policy.Placeholders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// The headers that a policy sets, for people: what is written out in them may be a credential, so [#MASK] is shown
/// instead, and `${e2b.secrets.NAME}` as it is. Pure.
public final class MaskedHeaders {
    /// Stands for whatever is not shown. No header can be set to it.
    public static final String MASK = "***";

    private MaskedHeaders() {}

    public static Map<String, String> of(Map<String, String> headers) {
        var masked = new LinkedHashMap<String, String>();
        headers.forEach((name, value) -> masked.put(name, Placeholders.masked(value, MASK)));
        return masked;
    }

    /// The policy as it is meant by somebody who was shown `before` and gives it back changed: a masked value is the
    /// one that the same header of the same host had.
    ///
    /// @throws PolicyJson.FormatException where a value is masked and there was no such one
    public static EgressPolicy restored(EgressPolicy wanted, EgressPolicy before) throws PolicyJson.FormatException {
        var transforms = new ArrayList<Transform>();
        for (var transform : wanted.transforms()) {
            var headers = new LinkedHashMap<String, String>();
            for (var header : transform.headers().entrySet()) {
                headers.put(header.getKey(), restored(transform.host(), header, before));
            }
            transforms.add(new Transform(transform.host(), headers));
        }
        return PolicyJson.withTransforms(wanted, transforms);
    }

    private static String restored(String host, Map.Entry<String, String> header, EgressPolicy before)
            throws PolicyJson.FormatException {
        var value = header.getValue();
        if (!value.contains(MASK)) {
            return value;
        }
        return before.transforms().stream()
                .filter(transform -> transform.host().equals(host))
                .flatMap(transform -> transform.headers().entrySet().stream())
                .filter(known -> known.getKey().equals(header.getKey()))
                .map(Map.Entry::getValue)
                .filter(known -> Placeholders.masked(known, MASK).equals(value))
                .findFirst()
                .orElseThrow(() -> new PolicyJson.FormatException("header " + header.getKey() + " for " + host + ": "
                        + MASK + " stands for what is not shown, and nothing is known that it could be (expected:"
                        + " the value itself)"));
    }
}
