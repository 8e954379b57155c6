package io.sallyport.guest.outbound;

import io.sallyport.guest.LogRing;
import io.sallyport.guest.Users;
import io.sallyport.guest.process.Processes;
import io.sallyport.relay.boot.RelayState;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Lets Chromium trust the gateway: it reads no variable, but a database in the user's home. Best effort.
///
/// The tool runs as the user, so that no link in that home leads it elsewhere.
public final class BrowserTrust {
    private static final List<Path> TOOLS = List.of(Path.of("/usr/bin/certutil"), Path.of("/usr/local/bin/certutil"));
    private static final Duration LIFE_MAX = Duration.ofSeconds(20);
    private static final String SCRIPT = """
            set -e
            db="$HOME/.pki/nssdb"
            mkdir -p "$db"
            [ -e "$db/cert9.db" ] || certutil -d "sql:$db" -N --empty-password
            certutil -d "sql:$db" -A -t C,, -n sallyport -i "$1"
            """;

    private final Processes processes;
    private final Users users;
    private final LogRing log;

    public BrowserTrust(Processes processes, Users users, LogRing log) {
        this.processes = processes;
        this.users = users;
        this.log = log;
    }

    /// For the session's default user, where the tool is there. Returns before it has ended.
    public void install(RelayState.Enabled enabled) {
        if (TOOLS.stream().noneMatch(Files::isExecutable)) {
            return;
        }
        try {
            var user = users.find("");
            if (user.isPresent()) {
                var caFile = enabled.caFile().toString();
                var arguments = List.of("-c", SCRIPT, "sallyport-trust", caFile);
                processes.runAlone(new ProcessConfig("/bin/sh", arguments, Map.of(), ""), user.get(), LIFE_MAX);
            }
        } catch (IOException | RpcException e) {
            log.report("egress: browsers do not trust the gateway: " + e.getMessage());
        }
    }
}
