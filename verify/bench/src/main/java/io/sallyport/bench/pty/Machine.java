package io.sallyport.bench.pty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Ports and Java command lines of this machine.
final class Machine {
    private Machine() {}

    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static boolean listens(int port) {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// The same in a session of its own, for the kernel divides processor time between sessions first where it
    /// groups by them (`sched_autogroup_enabled`), and the load is to compete as a stranger does.
    static List<String> alone(List<String> command) {
        var all = new ArrayList<>(List.of("setsid"));
        all.addAll(command);
        return all;
    }

    /// A program of this class path.
    static List<String> java(List<String> options, String program, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program));
        command.addAll(arguments);
        return command;
    }
}
