package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.cli.TerminalSession.Outcome;
import io.sallyport.cli.TerminalSession.Pace;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.ToViewer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A viewer over real connections to a terminal that is made up.
@Timeout(20)
final class TerminalSessionTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    private PipedInputStream typed;
    private FakeTerminal terminal;
    private Pace pace = new Pace(SOON, Pace.DEFAULT.ping(), Pace.DEFAULT.silence(), Pace.DEFAULT.giveUp());
    private boolean keys = true;
    private boolean readOnly;
    private OptionalLong since = OptionalLong.of(0);
    private volatile Optional<Size> size = Optional.of(new Size(100, 30));

    @BeforeEach
    void start() throws IOException {
        typed = new PipedInputStream(keyboard, 1 << 16);
        terminal = new FakeTerminal();
    }

    @AfterEach
    void stop() throws IOException {
        assertEquals(List.of(), terminal.broken());
        terminal.close();
    }

    private Outcome run(InputStream input) {
        var settings = new Settings(URI.create("http://127.0.0.1:" + terminal.port()), "none");
        var sandbox = new ApiClient.Sandbox("cl-test", "base", null, null, null, 1, 1, null, null);
        var terminals = new Terminals(new Guest(new ApiClient(settings), sandbox, null));
        var wanted = new TerminalSession.Wanted(FakeTerminal.ID, since, readOnly, false, keys);
        var session = new TerminalSession(
                wanted,
                from -> terminals.attach(FakeTerminal.ID, from, readOnly),
                () -> size,
                new Screen(shown, notes, false),
                pace);
        return session.run(input);
    }

    private CompletableFuture<Outcome> runAside() {
        var outcome = new CompletableFuture<Outcome>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                outcome.complete(run(typed));
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    private static Outcome exited(int code) {
        return new Outcome.Exited(new ToViewer.Exit(code, true, "exit status " + code));
    }

    private static CliException refusal(CompletableFuture<Outcome> outcome) {
        var thrown = assertThrows(CompletionException.class, outcome::join);
        return assertInstanceOf(CliException.class, thrown.getCause());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + WAIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it did not happen in time");
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private void type(String text) throws IOException {
        keyboard.write(text.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private String notes() {
        return notes.toString(StandardCharsets.UTF_8);
    }

    private static byte[] noise(int length) {
        var bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void showsTheOutputAndGivesTheExit() {
        terminal.prints("hello\r\n".getBytes(StandardCharsets.UTF_8)).ends(3);
        assertEquals(exited(3), run(typed));
        assertEquals("hello\r\n", shown.toString(StandardCharsets.UTF_8));
        assertEquals("", notes());
        assertEquals(List.of(0L), terminal.sinces());
    }

    @Test
    void acknowledgesAFloodInTimeAndSmallOutputSeldom() throws Exception {
        var flood = noise(3 << 20);
        terminal.prints(flood);
        var outcome = runAside();
        await(() -> shown.size() == flood.length); // stalls where a window is not opened again
        assertArrayEquals(flood, shown.toByteArray());
        int acks = terminal.acks();
        terminal.inPiecesOf(1).prints(noise(500));
        await(() -> shown.size() == flood.length + 500);
        await(() -> terminal.acks() > acks); // without another byte
        assertTrue(terminal.acks() - acks < 20, "acknowledgements for 500 bytes: " + (terminal.acks() - acks));
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void goesOnByteForByteWhenTheConnectionBreaks() {
        var output = noise(400_000);
        terminal.prints(output).inPiecesOf(7_777).breaksEvery(150_000).ends(0);
        assertEquals(exited(0), run(typed));
        assertArrayEquals(output, shown.toByteArray());
        var sinces = terminal.sinces();
        assertTrue(sinces.size() >= 3, sinces.toString());
        assertTrue(notes().contains("[sallyport: connection lost, trying again … 0 s]\n"), notes());
        assertFalse(notes().contains("missing"), notes());
    }

    @Test
    void saysWhenItIsBackAndHowFarAwayThatIs() throws Exception {
        var outcome = runAside();
        await(() -> terminal.sinces().size() == 1);
        terminal.cut();
        await(() -> notes().matches("(?s).*\\[sallyport: back, round trip [0-9]+ ms]\n"));
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void saysHowMuchOutputIsMissing() {
        terminal.prints(noise(1000)).keepsFrom(123).ends(0);
        assertEquals(exited(0), run(typed));
        assertEquals("[sallyport: 123 bytes of output are missing]\n", notes());
        assertEquals(877, shown.size());
    }

    @Test
    void withoutANumberItBeginsWithTheOldestOutputAndMissesNothing() {
        since = OptionalLong.empty();
        terminal.prints(noise(1000)).keepsFrom(123).ends(0);
        assertEquals(exited(0), run(typed));
        assertEquals("", notes());
        assertEquals(877, shown.size());
    }

    @Test
    void aLargePasteArrivesWholeInATerminalThatTakesItSlowly() throws Exception {
        var paste = noise(16 << 20);
        keys = false;
        terminal.takesSlowly();
        var outcome = new CompletableFuture<Outcome>();
        Thread.ofPlatform().daemon().start(() -> outcome.complete(run(new ByteArrayInputStream(paste))));
        int end = paste[paste.length - 1] == '\n' ? 1 : 2;
        await(() -> terminal.inputBytes() == paste.length + end);
        assertArrayEquals(paste, Arrays.copyOf(terminal.input(), paste.length));
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void waitsWithInputThatIsNotTaken() throws Exception {
        terminal.takesNothing(true);
        keys = false;
        var outcome = new CompletableFuture<Outcome>();
        Thread.ofPlatform().daemon().start(() -> outcome.complete(run(new ByteArrayInputStream(noise(1 << 20)))));
        await(() -> terminal.inputBytes() == 256 << 10);
        TimeUnit.MILLISECONDS.sleep(100); // in which more would come
        assertEquals(256 << 10, terminal.inputBytes());
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void inputOnItsWayIsNotSentTwiceAndWhatWasNotSentComesLater() throws Exception {
        terminal.takesNothing(true);
        var outcome = runAside();
        type("abc");
        await(() -> terminal.inputBytes() == 3);
        terminal.takesNothing(false).cut();
        await(() -> notes().contains("connection lost"));
        type("def");
        await(() -> terminal.inputBytes() == 6);
        assertEquals("abcdef", new String(terminal.input(), StandardCharsets.UTF_8));
        assertTrue(notes().contains("[sallyport: the last 3 bytes of input may be lost: "), notes());
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void atTheEndOfPipedInputItSendsCtrlD() throws Exception {
        keys = false;
        var outcome = runAside();
        type("exit 4\n");
        keyboard.close();
        await(() -> terminal.inputBytes() == 8);
        assertEquals("exit 4\n\004", new String(terminal.input(), StandardCharsets.UTF_8));
        terminal.ends(4);
        assertEquals(exited(4), outcome.join());
    }

    @Test
    void detachesWithAGoodbyeInTheMiddleOfAFlood() throws Exception {
        terminal.prints(noise(1 << 20));
        var outcome = runAside();
        await(() -> shown.size() > 0);
        type("ls\035d");
        assertEquals(new Outcome.Detached(), outcome.join());
        await(() -> terminal.said().contains("{\"detach\":{}}"));
    }

    @Test
    void detachesWhileItHasNoConnection() throws Exception {
        var outcome = runAside();
        await(() -> terminal.sinces().size() == 1);
        terminal.close();
        await(() -> notes().contains("connection lost"));
        type("\035d");
        assertEquals(new Outcome.Detached(), outcome.join());
    }

    @Test
    void interruptsAndDiscards() throws Exception {
        var outcome = runAside();
        await(() -> terminal.sinces().size() == 1 && !terminal.said().isEmpty());
        type("\035c");
        await(() -> terminal.said().contains("{\"signal\":{\"name\":\"INT\",\"discard\":true}}"));
        terminal.tell(ToViewer.gap(0, 99, "discarded"));
        await(() -> notes().equals("[sallyport: 99 bytes of output left out]\n"));
        type("\035d");
        outcome.join();
    }

    @Test
    void tellsItsSizeAndEachChange() throws Exception {
        var outcome = runAside();
        await(() -> terminal.said().equals(List.of("{\"resize\":{\"cols\":100,\"rows\":30}}")));
        size = Optional.of(new Size(50, 20));
        await(() -> terminal.said().contains("{\"resize\":{\"cols\":50,\"rows\":20}}"));
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void whoOnlyLooksTypesNothingAndHearsOfTheSize() throws Exception {
        readOnly = true;
        var outcome = runAside();
        await(() -> terminal.sinces().size() == 1);
        type("rm -rf /\r");
        terminal.tell(ToViewer.resized(new Size(120, 40)));
        await(() -> notes().equals("[sallyport: the terminal is 120x40 now]\n"));
        type("\035d");
        assertEquals(new Outcome.Detached(), outcome.join());
        assertEquals(0, terminal.inputBytes());
        await(() -> terminal.said().equals(List.of("{\"detach\":{}}")));
    }

    @Test
    void aTerminalThatIsGoneEndsItAtOnce() throws Exception {
        var outcome = runAside();
        await(() -> terminal.sinces().size() == 1);
        terminal.refuses("terminal t-1a2b does not exist").cut();
        var said = refusal(outcome);
        assertEquals("terminal t-1a2b does not exist", said.getMessage());
        assertEquals(ExitCode.REFUSED, said.exitCode());
    }

    @Test
    void aConnectionThatSaysNothingIsReplaced() throws Exception {
        pace = new Pace(SOON, Duration.ofSeconds(15), Duration.ofMillis(200), Duration.ofMinutes(1));
        var outcome = runAside();
        await(() -> terminal.sinces().size() >= 2);
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void pingsKeepAConnectionThatSaysNothingElse() throws Exception {
        pace = new Pace(SOON, Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofMinutes(1));
        var outcome = runAside();
        TimeUnit.MILLISECONDS.sleep(500);
        assertEquals(1, terminal.sinces().size());
        terminal.ends(0);
        assertEquals(exited(0), outcome.join());
    }

    @Test
    void aPlatformThatStaysAwayEndsIt() throws Exception {
        pace = new Pace(SOON, Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofMillis(300));
        var outcome = runAside();
        await(() -> terminal.sinces().size() == 1);
        terminal.close();
        assertEquals(ExitCode.UNREACHABLE, refusal(outcome).exitCode());
    }
}
