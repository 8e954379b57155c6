package io.sallyport.egress.intercept;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// A test with one rig, which is closed behind it.
abstract class WithRig {
    static final String GET = "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n";
    static final String LAST = "GET /last HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n";
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path home;

    private @Nullable Rig opened;

    final Rig rig(String scheme, Origin.Script script) throws IOException {
        var rig = new Rig(home, scheme, script);
        opened = rig;
        return rig;
    }

    final Rig rig(Origin.Script script, Ticker ticker) throws IOException {
        var rig = new Rig(home, "https", script, ticker);
        opened = rig;
        return rig;
    }

    final Rig rig(Origin.Script script) throws IOException {
        return rig("https", script);
    }

    @AfterEach
    final void closeRig() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }
}
