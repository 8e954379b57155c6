package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.rpc.terminal.ToViewer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TerminalsTest {
    private static final List<TerminalInfo> THREE = List.of(terminal("t-1a2b"), terminal("t-1a2bc"), terminal("t-9"));

    @Test
    void aTerminalIsFoundByItsIdOrByHowItBegins() {
        assertEquals("t-1a2b", Terminals.find(THREE, "t-1a2b").id());
        assertEquals("t-1a2bc", Terminals.find(THREE, "t-1a2bc").id());
        assertEquals("t-9", Terminals.find(THREE, "t-9").id());
        assertEquals(
                "t-9", Terminals.find(List.of(terminal("t-9zz")), "t-9").id().substring(0, 3));
    }

    @Test
    void anUnknownTerminalIsRefusedWithThoseThereAre() {
        assertEquals("terminal: t-xyz (expected: one of t-1a2b, t-1a2bc, t-9)", refusal(THREE, "t-xyz"));
        assertEquals("terminal: t-1 (expected: one of t-1a2b, t-1a2bc)", refusal(THREE, "t-1"));
        assertEquals(
                "terminal: t-1 (the sandbox has none; open one with: sallyport shell ID)", refusal(List.of(), "t-1"));
    }

    @Test
    void theListSaysWhatRunsAndHowItEnded() {
        var config = new ProcessConfig("/bin/bash", List.of("-l", "\033[2J"), Map.of(), null);
        var exit = new ToViewer.Exit(3, true, "exit status 3");
        var text = new StringWriter();
        TerminalsCommand.table(List.of(
                        new TerminalInfo("t-1", 7, config, null, new Size(120, 40), 0, 5_000, 2, null),
                        new TerminalInfo("t-2", 8, null, null, null, 0, 12, 0, exit)))
                .print(new PrintWriter(text, true));
        assertEquals("""
                TERMINAL  PID  COMMAND            SIZE    VIEWERS  OUTPUT  STATE
                t-1       7    /bin/bash -l ?[2J  120x40  2        4 KiB   running
                t-2       8    -                  -       0        12 B    exit status 3
                """, text.toString());
    }

    @Test
    void theExitCodeIsTheOneAShellWouldGive() {
        assertEquals(3, ExitStatus.code(3, true, "exit status 3"));
        assertEquals(130, ExitStatus.code(-1, false, "signal: interrupt"));
        assertEquals(137, ExitStatus.code(-1, false, "signal: killed"));
        assertEquals(133, ExitStatus.code(-1, false, "signal: signal 5"));
        assertEquals(137, ExitStatus.code(-1, false, null));
    }

    private static String refusal(List<TerminalInfo> terminals, @Nullable String given) {
        var thrown = assertThrows(CliException.class, () -> Terminals.find(terminals, String.valueOf(given)));
        assertEquals(ExitCode.USAGE, thrown.exitCode());
        return String.valueOf(thrown.getMessage());
    }

    private static TerminalInfo terminal(String id) {
        return new TerminalInfo(id, 1, null, null, null, 0, 0, 0, null);
    }
}
