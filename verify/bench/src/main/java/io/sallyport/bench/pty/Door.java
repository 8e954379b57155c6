package io.sallyport.bench.pty;

import io.sallyport.kit.Deadline;
import io.sallyport.rpc.RpcClient;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.terminal.CreateRequest;
import io.sallyport.rpc.terminal.Size;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.TerminalInfo;
import io.sallyport.wire.http1.Header;
import io.sallyport.wire.http1.Headers;
import io.sallyport.wire.net.Connection;
import io.sallyport.wire.net.SocketConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where the terminals of a sandbox are opened and attached to.
///
/// @param headers that lead to the sandbox and open it, `Host` among them
record Door(InetSocketAddress address, Headers headers) {
    private static final Duration WAIT = Duration.ofSeconds(30);

    /// What programs say in a terminal when it is raw and nothing is echoed any more.
    static final String READY = "ready";

    /// Opens a terminal that says [#READY] and then runs a shell's words, raw.
    String openRaw(String words) throws IOException {
        return open("/bin/sh", "-c", "stty raw -echo; printf " + READY + "; " + words);
    }

    /// Opens a terminal and gives its id.
    String open(String program, String... arguments) throws IOException {
        var process = new ProcessConfig(program, List.of(arguments), Map.of(), null);
        try {
            var terminal =
                    rpc().unary(TerminalApi.CREATE, new CreateRequest(process, Size.DEFAULT, null), TerminalInfo.class);
            return terminal.id();
        } catch (RpcException e) {
            throw new IOException("no terminal: " + e.code() + ": " + e.getMessage(), e);
        }
    }

    RpcClient rpc() {
        return new RpcClient(() -> dial(WAIT), headers);
    }

    /// A connection that lasts `life` at most.
    Connection dial(Duration life) throws IOException {
        var connection = SocketConnection.connect(SocketChannel.open(), address, Deadline.after(WAIT));
        connection.deadline(Deadline.after(life));
        return connection;
    }

    /// As words of a command line, for [#parse].
    List<String> words() {
        var words = new ArrayList<String>();
        words.add(Integer.toString(address.getPort()));
        for (var header : headers) {
            words.add(header.name());
            words.add(header.value());
        }
        return words;
    }

    static Door parse(List<String> words) {
        var headers = new ArrayList<Header>();
        for (int i = 1; i + 1 < words.size(); i += 2) {
            headers.add(new Header(words.get(i), words.get(i + 1)));
        }
        return new Door(Machine.local(Integer.parseInt(words.getFirst())), Headers.of(headers));
    }
}
