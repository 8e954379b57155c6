package io.sallyport.agent.node;

import io.sallyport.wire.dial.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// The listening TCP sockets of a network namespace, from `/proc`.
///
/// - **Limits**: [#SOCKETS_MAX] sockets; [#DESCRIPTORS_MAX] descriptors are looked at for who holds them.
///
/// @spec https://docs.kernel.org/networking/proc_net_tcp.html /proc/net/tcp
public final class ListeningSockets {
    private static final String LISTEN = "0A";
    private static final int SOCKETS_MAX = 1_000;
    private static final int DESCRIPTORS_MAX = 20_000;

    private ListeningSockets() {}

    private record Found(int port, String address, String inode) {}

    /// The sockets of the namespace that process `pid` lives in.
    ///
    /// @param processes those that may hold them
    public static List<Listening.Socket> of(long pid, List<Long> processes) throws IOException {
        var found = new ArrayList<Found>();
        for (var table : List.of("tcp", "tcp6")) {
            read(Path.of("/proc/" + pid + "/net/" + table), found);
        }
        var holders = holders(processes);
        return found.stream()
                .map(one -> new Listening.Socket(one.port(), one.address(), holders.getOrDefault(one.inode(), "")))
                .distinct()
                .toList();
    }

    private static void read(Path table, List<Found> into) throws IOException {
        try (var lines = Files.lines(table)) {
            lines.skip(1)
                    .map(line -> line.strip().split(" +"))
                    .filter(fields -> fields.length > 9 && fields[3].equals(LISTEN))
                    .limit(SOCKETS_MAX)
                    .forEach(fields -> into.add(found(fields[1], fields[9])));
        } catch (NoSuchFileException e) {
            // No IPv6 on this machine.
        }
    }

    private static Found found(String local, String inode) {
        int colon = local.indexOf(':');
        return new Found(Integer.parseInt(local.substring(colon + 1), 16), address(local.substring(0, colon)), inode);
    }

    /// The kernel writes addresses as words of the machine's byte order.
    static String address(String hex) {
        byte[] words = HexFormat.of().parseHex(hex);
        var bytes = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[(i & ~3) + 3 - (i & 3)];
        }
        try {
            return compressed(InetAddress.getByAddress(bytes).getHostAddress());
        } catch (IOException e) {
            throw new IllegalArgumentException("address: " + hex + " (expected: 8 or 32 hexadecimal digits)", e);
        }
    }

    private static String compressed(String address) {
        return switch (address) {
            case "0:0:0:0:0:0:0:0" -> "::";
            case "0:0:0:0:0:0:0:1" -> "::1";
            default -> address;
        };
    }

    /// Names of processes by the inode of each socket they hold.
    private static Map<String, String> holders(List<Long> processes) {
        var holders = new HashMap<String, String>();
        int looked = 0;
        for (var pid : processes) {
            var home = Path.of("/proc/" + pid);
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(home.resolve("fd"))) {
                var name = name(home);
                for (var descriptor : descriptors) {
                    if (looked++ > DESCRIPTORS_MAX) {
                        return holders;
                    }
                    var target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        holders.putIfAbsent(target.substring(8, target.length() - 1), name);
                    }
                }
            } catch (IOException e) {
                // It has ended, or closed a descriptor, while it was looked at.
            }
        }
        return holders;
    }

    /// A process chooses its own name: what could confuse a terminal or JSON is not taken over.
    private static String name(Path process) throws IOException {
        return new String(Files.readAllBytes(process.resolve("comm")), StandardCharsets.ISO_8859_1)
                .strip()
                .replaceAll("[^A-Za-z0-9._:/-]", "_");
    }
}
