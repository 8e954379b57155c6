package io.sallyport.control.api;

import io.sallyport.kit.Port;
import java.util.Map;

/// A guess what speaks on a port: from what the gateway saw, else from the port's and the process's usual
/// meaning. Pure.
final class ProtocolGuess {
    private static final Map<Integer, String> BY_PORT = Map.of(
            22,
            "ssh",
            3306,
            "mysql",
            5432,
            "postgresql",
            5672,
            "amqp",
            6379,
            "redis",
            11211,
            "memcached",
            27017,
            "mongodb");
    private static final Map<String, String> BY_PROCESS = Map.of(
            "sshd", "ssh", "mysqld", "mysql", "postgres", "postgresql", "redis-server", "redis", "mongod", "mongodb");

    private ProtocolGuess() {}

    static String of(int port, String process, String lastOutcome) {
        if (port == Port.GUEST.number()) {
            return "guest daemon";
        }
        return switch (lastOutcome) {
            case "answered", "client_cut", "app_cut", "app_slow" -> "http";
            case "tunnel" -> "websocket";
            case "app_malformed" -> BY_PROCESS.getOrDefault(process, "not http");
            default -> BY_PROCESS.getOrDefault(process, BY_PORT.getOrDefault(port, "http?"));
        };
    }
}
