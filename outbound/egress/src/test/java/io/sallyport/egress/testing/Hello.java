package io.sallyport.egress.testing;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// First messages of TLS clients, as the JDK makes them.
public final class Hello {
    private Hello() {}

    /// A first message.
    ///
    /// @param name that the client asks for; empty: none
    public static byte[] of(String name) {
        try {
            var engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            var parameters = engine.getSSLParameters();
            parameters.setServerNames(
                    name.isEmpty() ? List.<SNIServerName>of() : List.<SNIServerName>of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
            engine.beginHandshake();
            var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
