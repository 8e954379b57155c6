package io.sallyport.relay.boot;

import io.sallyport.kit.AtomicFile;
import io.sallyport.kit.Deadline;
import io.sallyport.relay.env.TrustStore;
import io.sallyport.rpc.egress.EgressApi;
import io.sallyport.wire.http1.BadMessageException;
import io.sallyport.wire.http1.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/// Gets the gateway's certificates and writes what processes are to trust: those of the system and these.
final class Trust {
    private static final int BYTES_MAX = 1 << 20;
    private static final int SYSTEM_BYTES_MAX = 8 << 20;
    private static final Duration RETRY_PAUSE = Duration.ofMillis(10);

    private Trust() {}

    /// Asks until the gateway answers or `deadline` passes: it may come up after us. An answer is final.
    static byte[] download(GatewayClient gateway, Deadline deadline) throws IOException {
        while (true) {
            try {
                var answer = gateway.get(EgressApi.CA_CERT, Headers.EMPTY, BYTES_MAX, deadline);
                if (answer.status() < 200 || answer.status() > 299) {
                    throw new RefusedException("the gateway answered " + answer.status());
                }
                return answer.body();
            } catch (RefusedException | GatewayClient.TooLongException | BadMessageException e) {
                throw e;
            } catch (IOException e) {
                if (deadline.remaining().compareTo(RETRY_PAUSE) <= 0) {
                    throw new IOException("no answer from the gateway in time: " + e.getMessage(), e);
                }
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
    }

    /// Writes both files from what was downloaded. Nothing is touched where that is not certificates alone.
    static void install(byte[] pem, Path systemBundle, Path caBundle, Path trustStore) throws IOException {
        var ours = Pem.authorities(pem);
        var system = without(system(systemBundle), pem);
        var bundle = new ByteArrayOutputStream(system.length + pem.length + 2);
        bundle.writeBytes(system);
        if (system.length > 0 && system[system.length - 1] != '\n') {
            bundle.write('\n');
        }
        bundle.writeBytes(pem);
        if (pem[pem.length - 1] != '\n') {
            bundle.write('\n');
        }
        var all = new ArrayList<>(Pem.lenient(system));
        all.addAll(ours);
        AtomicFile.write(trustStore, TrustStore.of(all), AtomicFile.PUBLIC);
        AtomicFile.write(caBundle, bundle.toByteArray(), AtomicFile.PUBLIC);
    }

    /// Lets programs that read no variable (GnuTLS's: wget, apt) trust the gateway as well, where this process may
    /// write what the system trusts: a sandbox's own, which belongs to nobody else.
    static void installForTheSystem(Path caBundle, Path systemBundle) throws IOException {
        Files.createDirectories(Objects.requireNonNull(systemBundle.getParent()));
        AtomicFile.write(systemBundle, Files.readAllBytes(caBundle), AtomicFile.PUBLIC);
    }

    /// What the system trusted before an earlier start added `pem` to it.
    private static byte[] without(byte[] system, byte[] pem) {
        var text = new String(system, StandardCharsets.ISO_8859_1);
        return text.replace(new String(pem, StandardCharsets.ISO_8859_1), "").getBytes(StandardCharsets.ISO_8859_1);
    }

    /// A template may have no authorities at all.
    private static byte[] system(Path bundle) throws IOException {
        try (var stream = Files.newInputStream(bundle)) {
            return stream.readNBytes(SYSTEM_BYTES_MAX);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    /// An answer that asking again does not change.
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
