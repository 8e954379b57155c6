package io.sallyport.egress.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.egress.testing.FakeResolver;
import io.sallyport.kit.SandboxId;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.address.HostName;
import io.sallyport.wire.address.IpAddress;
import io.sallyport.wire.address.IpBlock;
import java.io.IOException;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Attacks 23, 25 and 28 of reference/egress.md §4.2.
final class UpstreamTest {
    private static final HostName NAME = HostName.parse("many.test").orElseThrow();

    private static final SandboxId SANDBOX = SandboxId.random();

    private final FakeResolver resolver = new FakeResolver();
    private final List<IpAddress> tried = new ArrayList<>();
    private final Upstream upstream = upstream(List.of());

    private Upstream upstream(List<IpBlock> privateAllowed) {
        Sockets nobody = (address, port, deadline) -> {
            tried.add(address);
            throw new IOException("as the test wants it");
        };
        return new Upstream(resolver, nobody, new OwnAddresses(), privateAllowed);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @Test
    void ofFiveHundredAddressesAFewAreTried() throws RefusedException {
        resolver.answer(
                "many.test",
                IntStream.range(0, 500)
                        .mapToObj(i -> "8.8." + i / 250 + "." + i % 250)
                        .collect(Collectors.joining(",")));
        var addresses = upstream.resolve(SANDBOX, NAME);
        assertEquals(500, addresses.size());
        var refused = assertThrows(RefusedException.class, () -> upstream.dial(addresses, 443));
        assertEquals(EgressReason.CONNECT_FAILED, refused.reason());
        assertEquals(addresses.subList(0, 8), tried);
    }

    @Test
    void whatIsMappedIsJudgedAndDialledAsWhatItIs() throws RefusedException {
        resolver.answer("many.test", "::ffff:8.8.8.8,8.8.8.8,::ffff:a9fe:a9fe");
        assertEquals(List.of(address("8.8.8.8"), address("169.254.169.254")), upstream.resolve(SANDBOX, NAME));
    }

    @Test
    void everyAddressOfThisMachineIsItsOwn() throws Exception {
        var own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(IpAddress::of)
                .toList();
        assertFalse(own.isEmpty());
        for (var one : own) {
            assertTrue(upstream.isOwn(one), one.text());
        }
        assertTrue(upstream.isOwn(address("::ffff:127.0.0.1")));
        assertFalse(upstream.isOwn(address("8.8.8.8")));
        assertFalse(
                upstream(List.of(IpBlock.parse("127.0.0.0/8").orElseThrow())).isOwn(address("127.0.0.1")));
    }
}
