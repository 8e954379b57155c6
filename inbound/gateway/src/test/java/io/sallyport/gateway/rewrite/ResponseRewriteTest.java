package io.sallyport.gateway.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sallyport.gateway.host.Destination;
import io.sallyport.gateway.page.Dialect;
import io.sallyport.kit.Port;
import io.sallyport.kit.SandboxId;
import io.sallyport.wire.http1.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

final class ResponseRewriteTest {
    private static final String ID = "cl-0e41p9wk5yvv2g2unrb4geqkf";
    private static final Destination.Sandbox TO =
            new Destination.Sandbox(new SandboxId(ID), new Port(3000), "box.test:8000", Dialect.STANDARD);

    /// Every form of every header: rows in `rewrites.csv`, where `{3000}` stands for the public host of that
    /// port.
    @ParameterizedTest(name = "{0}: {1}")
    @CsvFileSource(
            resources = "rewrites.csv",
            delimiter = '|',
            numLinesToSkip = 1,
            ignoreLeadingAndTrailingWhitespace = true)
    void rewritesWhatIsTrueInsideOnly(String header, String said, String received) {
        var sent = Headers.of("X-Before", "1", header, publicHosts(said));
        assertEquals(
                Headers.of("X-Before", "1", header, publicHosts(received)), ResponseRewrite.apply(sent, TO, "http"));
    }

    @Test
    void keepsTheSchemeTheClientSpeaks() {
        var sent = Headers.of("Location", "http://localhost:3000/x");
        assertEquals(
                Headers.of("Location", "https://3000-" + ID + ".box.test:8000/x"),
                ResponseRewrite.apply(sent, TO, "https"));
    }

    @Test
    void leavesEverythingAloneWhereTheSandboxWasNamedInHeaders() {
        var sent = Headers.of("Location", "http://localhost:3000/x");
        var byHeaders = new Destination.Sandbox(TO.id(), TO.port(), "", Dialect.STANDARD);
        assertSame(sent, ResponseRewrite.apply(sent, byHeaders, "http"));
    }

    private static String publicHosts(String text) {
        return text.replaceAll("\\{([0-9]+)}", "$1-" + ID + ".box.test:8000")
                .replaceAll("\\{([0-9]+) bare}", "$1-" + ID + ".box.test");
    }
}
