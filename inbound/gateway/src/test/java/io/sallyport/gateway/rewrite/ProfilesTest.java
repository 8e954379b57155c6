package io.sallyport.gateway.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.kit.Port;
import io.sallyport.rpc.route.HeaderProfile;
import io.sallyport.rpc.route.HeaderProfile.Host;
import io.sallyport.rpc.route.HeaderProfile.Origin;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProfilesTest {
    private static final Port PORT = new Port(3000);
    private static final String PUBLIC = "3000-cl-x.box.test:8000";
    private static final HeaderProfile LOOPBACK = new HeaderProfile(Host.LOOPBACK, "", Origin.MATCH, false, "vite");

    @Test
    void byDefaultTheAppHearsWhatTheClientSaid() {
        assertEquals(PUBLIC, Profiles.host(HeaderProfile.KEEP, PUBLIC, PORT));
        assertEquals(
                Optional.of("http://" + PUBLIC), Profiles.origin(HeaderProfile.KEEP, "http://" + PUBLIC, PUBLIC, PORT));
        assertEquals(
                "http://" + PUBLIC + "/a",
                Profiles.referer(HeaderProfile.KEEP, "http://" + PUBLIC + "/a", PUBLIC, PORT));
    }

    @Test
    void aLoopbackProfileTellsOneStoryInAllHeaders() {
        assertEquals("localhost:3000", Profiles.host(LOOPBACK, PUBLIC, PORT));
        assertEquals("localhost:3000", Profiles.forwardedHost(LOOPBACK, PUBLIC, PORT));
        assertEquals(
                Optional.of("http://localhost:3000"), Profiles.origin(LOOPBACK, "https://" + PUBLIC, PUBLIC, PORT));
        assertEquals(
                "http://localhost:3000/a?b", Profiles.referer(LOOPBACK, "http://" + PUBLIC + "/a?b", PUBLIC, PORT));
    }

    @Test
    void anotherSitesOriginStaysWhatItIs() {
        var evil = "http://evil.test";
        assertEquals(Optional.of(evil), Profiles.origin(LOOPBACK, evil, PUBLIC, PORT));
        assertEquals(Optional.of("null"), Profiles.origin(LOOPBACK, "null", PUBLIC, PORT));
        assertEquals(evil + "/a", Profiles.referer(LOOPBACK, evil + "/a", PUBLIC, PORT));
    }

    @Test
    void aMaskReplacesHostAndLeavesTheRest() {
        var mask = new HeaderProfile(Host.CUSTOM, "app-${PORT}.internal:${PORT}", Origin.KEEP, true, "");
        assertEquals("app-3000.internal:3000", Profiles.host(mask, PUBLIC, PORT));
        assertEquals(PUBLIC, Profiles.forwardedHost(mask, PUBLIC, PORT));
    }

    @Test
    void strippingLeavesNoOrigin() {
        var strip = new HeaderProfile(Host.LOOPBACK, "", Origin.STRIP, false, "devtools");
        assertEquals(Optional.empty(), Profiles.origin(strip, "http://" + PUBLIC, PUBLIC, PORT));
    }
}
