package io.sallyport.egress.testing;

import io.sallyport.egress.dial.ResolveException;
import io.sallyport.egress.dial.ResolveException.Kind;
import io.sallyport.egress.dial.Resolver;
import io.sallyport.kit.Deadline;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Name servers in memory, which count, and may answer differently every time.
public final class FakeResolver implements Resolver {
    private final Map<String, List<List<IpAddress>>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();

    /// Says what is answered for a name.
    ///
    /// @param successive the answers to one question after the other, each separated by commas; the last stays
    public FakeResolver answer(String name, String... successive) {
        answers.put(
                name,
                Arrays.stream(successive)
                        .map(list -> Arrays.stream(list.split(","))
                                .map(text -> IpAddress.parse(text).orElseThrow())
                                .toList())
                        .toList());
        return this;
    }

    @Override
    public List<IpAddress> resolve(SandboxId sandbox, HostName name, Deadline deadline) throws ResolveException {
        int nth = asked.getAndIncrement();
        var found = answers.get(name.text());
        if (name.text().startsWith("broken.")) {
            throw new ResolveException(Kind.FAILED, "as the test wants it");
        }
        if (found == null) {
            throw new ResolveException(Kind.NO_SUCH_NAME, "as the test wants it");
        }
        return found.get(Math.min(nth, found.size() - 1));
    }

    public int asked() {
        return asked.get();
    }
}
